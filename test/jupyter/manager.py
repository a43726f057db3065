"""Runs the installed gradlab kernel as JupyterLab's server does, through jupyter_client's KernelManager."""

import time

from jupyter_client.manager import start_new_kernel


def wait_for(kernel, msg_id):
    while True:
        reply = kernel.get_shell_msg(timeout=30)
        if reply["parent_header"]["msg_id"] == msg_id:
            return reply["content"]


def run(kernel, code):
    return wait_for(kernel, kernel.execute(code))


manager, client = start_new_kernel(kernel_name="gradlab")
try:
    info = client.kernel_info(reply=True, timeout=10)["content"]
    assert info["status"] == "ok" and info["language_info"]["name"] == "typescript", info
    assert client.hb_channel.is_beating()

    # Interrupt, by message as the kernelspec asks.
    assert run(client, "const kept = 1;")["status"] == "ok"
    spinning = client.execute("console.log('spinning'); while (true) {}")
    while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    assert wait_for(client, spinning)["ename"] == "KeyboardInterrupt"
    assert run(client, "kept")["status"] == "ok"

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
