//! Measurements of a process and of the system's load.

use std::{fs, time::Duration};

/// CPU time of the process's threads, in user and system mode. `/proc/<pid>/stat`
/// would count in hundredths of a second.
pub fn cpu_time(pid: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let nanoseconds = threads.map(|thread| {
        let times = fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
        times.split(' ').next().unwrap().parse::<u64>().unwrap()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// Peak memory of the process, in KiB.
pub fn peak_memory(pid: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Seconds since boot in which a task waited for a CPU; 0 if the kernel does not
/// count them.
pub fn cpu_pressure() -> f64 {
    let pressure = fs::read_to_string("/proc/pressure/cpu").unwrap_or_default();
    let total = pressure.lines().next().and_then(|some| some.rsplit_once("total="));
    total.map_or(0.0, |(_, microseconds)| microseconds.parse::<f64>().unwrap() / 1e6)
}
