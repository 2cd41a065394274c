package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// spawn runs a command and answers "ok nanoseconds user+system-nanoseconds peak-kilobytes". A process of its own does
// this, because a child's peak starts with that of its parent.
func spawn(fields []string) (string, error) {
	cmd := exec.Command(fields[0], fields[1:]...)
	var said strings.Builder
	cmd.Stderr = &said
	start := time.Now()
	err := cmd.Run()
	nanos := time.Since(start).Nanoseconds()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("exit code %d: %s", exit.ExitCode(), strings.TrimSpace(said.String()))
	} else if err != nil {
		return "", err
	}
	state := cmd.ProcessState
	usage := state.SysUsage().(*syscall.Rusage)
	cpu := state.UserTime() + state.SystemTime()
	return fmt.Sprintf("ok\t%d\t%d\t%d", nanos, cpu.Nanoseconds(), usage.Maxrss), nil
}
