"""Runs the installed gradlab kernel as JupyterLab's server does, through jupyter_client's KernelManager."""

import os
import signal
import time

from jupyter_client.manager import start_new_kernel


def wait_for(kernel, msg_id):
    while True:
        reply = kernel.get_shell_msg(timeout=30)
        if reply["parent_header"]["msg_id"] == msg_id:
            return reply["content"]


def run(kernel, code):
    return wait_for(kernel, kernel.execute(code))


def published(kernel, msg_id, msg_type):
    while True:
        message = kernel.get_iopub_msg(timeout=30)
        if message["msg_type"] == msg_type and message["parent_header"]["msg_id"] == msg_id:
            return message


manager, client = start_new_kernel(kernel_name="gradlab")
try:
    info = client.kernel_info(reply=True, timeout=10)["content"]
    assert info["status"] == "ok" and info["language_info"]["name"] == "typescript", info
    assert client.hb_channel.is_beating()

    # Interrupt, by message as the kernelspec asks.
    assert run(client, "const kept = 1;")["status"] == "ok"
    spinning = client.execute("console.log('spinning'); while (true) {}")
    published(client, spinning, "stream")
    manager.interrupt_kernel()
    assert wait_for(client, spinning)["ename"] == "KeyboardInterrupt"
    assert run(client, "kept")["status"] == "ok"

    # A loop behind an await, by signal.
    spinning = client.execute("await null; console.log('spinning'); while (true) {}")
    published(client, spinning, "stream")
    start = time.monotonic()
    assert client.hb_channel.is_beating()
    os.kill(manager.provisioner.pid, signal.SIGINT)
    assert wait_for(client, spinning)["ename"] == "KeyboardInterrupt"
    print(f"interrupt by signal to reply: {1000 * (time.monotonic() - start):.0f} ms")
    assert run(client, "kept")["status"] == "ok"

    # Questions to the person at the keyboard.
    for code, password in [
        ("import { input } from 'gradlab'; await input('Name? ')", False),
        ("await input('Name? ', { password: true })", True),
        ("prompt('Name? ')", False),
        ("await null; prompt('Name? ')", False),
    ]:
        asking = client.execute(code, allow_stdin=True)
        question = client.get_stdin_msg(timeout=30)
        assert question["msg_type"] == "input_request", question
        assert question["content"] == {"prompt": "Name? ", "password": password}, question
        assert question["parent_header"]["msg_id"] == asking
        client.input("Ada")
        reply = wait_for(client, asking)
        assert reply["status"] == "ok", (code, reply)
        message = published(client, asking, "execute_result")
        assert message["content"]["data"]["text/plain"] == "'Ada'", message
    for code in ["await input()", "prompt()", "await null; prompt()"]:
        asking = client.execute(code, allow_stdin=True)
        client.get_stdin_msg(timeout=30)
        manager.interrupt_kernel()
        assert wait_for(client, asking)["ename"] == "KeyboardInterrupt"
        assert wait_for(client, client.execute(code, allow_stdin=False))["ename"] == "StdinNotImplementedError"

    # A comm, opened by the client; what is sent through it comes back, bytes beside it.
    echo = "comm.onMessage(({ data, buffers }) => comm.send({ ...data, echo: true }, { buffers }))"
    assert run(client, f"import {{ comms }} from 'gradlab'; comms().registerTarget('echo', (comm) => {echo});")["status"] == "ok"
    for type, content, buffers in [
        ("comm_open", {"comm_id": "c1", "target_name": "echo", "data": {}}, None),
        ("comm_msg", {"comm_id": "c1", "data": {"n": 1}}, [b"\x00\xff"]),
        ("comm_open", {"comm_id": "c2", "target_name": "nobody", "data": {}}, None),
    ]:
        client.session.send(client.shell_channel.socket, type, content, buffers=buffers)
    heard = {}
    while "comm_close" not in heard:
        message = client.get_iopub_msg(timeout=30)
        heard[message["msg_type"]] = message
    assert heard["comm_msg"]["content"] == {"comm_id": "c1", "data": {"n": 1, "echo": True}}, heard
    assert [bytes(buffer) for buffer in heard["comm_msg"]["buffers"]] == [b"\x00\xff"]
    assert heard["comm_close"]["content"]["comm_id"] == "c2"
    assert wait_for(client, client.comm_info())["comms"] == {"c1": {"target_name": "echo"}}

    # What waits behind an error is aborted (jupyter_client sends stop_on_error by itself), what comes later is not.
    failing = client.execute("throw new Error('stop')")
    behind = [client.execute("1") for _ in range(3)]
    assert wait_for(client, failing)["status"] == "error"
    assert [wait_for(client, msg_id)["status"] for msg_id in behind] == ["aborted"] * 3
    assert run(client, "1")["status"] == "ok"

    # A restart gives a clean session.
    start = time.monotonic()
    manager.restart_kernel()
    client.wait_for_ready(timeout=30)
    assert run(client, "1 + 1")["status"] == "ok"
    print(f"restart to first result: {time.monotonic() - start:.1f} s")
    assert run(client, "kept")["ename"] == "TypeScriptError"

    # The end of the session is an error of the cell and the end of the kernel, which Jupyter then restarts.
    assert run(client, "process.exit(3)")["ename"] == "SessionExited"
    deadline = time.monotonic() + 10
    while manager.is_alive():
        assert time.monotonic() < deadline, "the kernel outlives its session"
        time.sleep(0.05)
    manager.restart_kernel()
    client.wait_for_ready(timeout=30)
    assert run(client, "1 + 1")["status"] == "ok"
finally:
    client.stop_channels()
    manager.shutdown_kernel()
assert not manager.is_alive()
