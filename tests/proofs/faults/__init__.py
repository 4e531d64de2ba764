"""What the proofs of reliability share: servers to kill, a workload with its history, a checker, a proxy that spoils the line."""
