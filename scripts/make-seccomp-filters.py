#!/usr/bin/env python3
"""Writes src/grader/seccomp/<process.arch>.bpf: what bubblewrap has the kernel refuse to a submission's processes.

Refused is what neither Node nor a student's exercise asks for and what holes in kernels have been reached by. All else is allowed, as
the list of what Node does need differs with its version. A refused call fails with EPERM; calls of another architecture end the process.
Needs Debian's python3-seccomp."""
import errno
import pathlib
from seccomp import ALLOW, ERRNO, MASKED_EQ, Arch, Arg, SyscallFilter

refused = {
    "other processes": "ptrace process_vm_readv process_vm_writev kcmp pidfd_open pidfd_getfd pidfd_send_signal process_madvise process_mrelease",
    "namespaces and file systems": "unshare setns mount umount umount2 pivot_root chroot mount_setattr move_mount open_tree fsopen fsconfig fsmount"
    " fspick name_to_handle_at open_by_handle_at quotactl quotactl_fd fanotify_init fanotify_mark swapon swapoff acct sysfs ustat",
    "the network, of which there is none": "socket socketcall",
    "programs in the kernel": "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register lookup_dcookie",
    "keys": "add_key request_key keyctl",
    "memory shared by name": "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl ipc"
    " mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr",
    "pages moved between pipes, processes and nodes of memory": "vmsplice splice tee move_pages migrate_pages mbind set_mempolicy get_mempolicy",
    "the machine": "reboot kexec_load kexec_file_load init_module finit_module delete_module create_module syslog settimeofday stime clock_settime"
    " clock_settime64 clock_adjtime clock_adjtime64 adjtimex sethostname setdomainname iopl ioperm modify_ldt vm86 vm86old vhangup personality"
    " nfsservctl uselib _sysctl",
}

# include/uapi/linux/sched.h: a new cgroup, host name, IPC, user, process and network namespace, or set of mounts.
namespace_flags = [0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000]
# include/uapi/asm-generic/ioctls.h: input pushed into a terminal.
terminal_input = {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C}


def filter_for(arch):
    """The filter for one architecture."""
    rules = SyscallFilter(ALLOW)
    if int(Arch()) != arch:
        rules.add_arch(arch)
        rules.remove_arch(Arch())
    for names in refused.values():
        for name in names.split():
            rules.add_rule(ERRNO(errno.EPERM), name)
    for flag in namespace_flags:
        rules.add_rule(ERRNO(errno.EPERM), "clone", Arg(0, MASKED_EQ, flag, flag))
    # Its flags lie in memory, where no filter can look; the C library then asks for `clone`.
    rules.add_rule(ERRNO(errno.ENOSYS), "clone3")
    for command in terminal_input.values():
        rules.add_rule(ERRNO(errno.EPERM), "ioctl", Arg(1, MASKED_EQ, 0xFFFFFFFF, command))
    return rules


folder = pathlib.Path(__file__).parent.parent / "src/grader/seccomp"
folder.mkdir(exist_ok=True)
for name, arch in {"x64": Arch.X86_64, "arm64": Arch.AARCH64}.items():
    rules = filter_for(arch)
    with open(folder / f"{name}.bpf", "wb") as file:
        rules.export_bpf(file)
