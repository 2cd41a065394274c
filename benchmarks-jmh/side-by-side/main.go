// Command sidebyside does the same work as its Java twin, with github.com/superfly/ltx, used as its own callers use it:
// the ltx program for encoding, verifying and checksums, Litestream for merging, ranged reads and restoring.
//
//	sidebyside worker            runs works in this process, one line each
//	sidebyside spawner           runs whole commands, and tells their time and peak memory
//	sidebyside merge OUT IN...   merges files, as one command
//	sidebyside encode DB OUT     makes the snapshot that both sides read
//	sidebyside deltas DB DIR N PAGES
//	                             makes N deltas of so many pages that follow that snapshot
//
// Fields of a line are separated by tabs. A request of a worker is "work threads repetitions arguments...", its answer
// "ok nanoseconds cpu-nanoseconds allocated-bytes result size", where the two sides have to agree on the result, or "none" if it cannot
// do that, or "error" and a reason. Every time is of all repetitions together.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "sidebyside:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "worker":
		return serve(work)
	case len(args) == 1 && args[0] == "spawner":
		return serve(spawn)
	case len(args) >= 3 && args[0] == "merge":
		return mergeFiles(args[1], args[2:])
	case len(args) == 3 && args[0] == "encode":
		return makeSnapshot(args[1], args[2])
	case len(args) == 5 && args[0] == "deltas":
		return makeDeltas(args[1], args[2], args[3], args[4])
	}
	return fmt.Errorf("unknown arguments %q", args)
}

// serve answers one line of standard input after the other.
func serve(answer func(fields []string) (string, error)) error {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 64<<10), 16<<20)
	for in.Scan() {
		line, err := answer(strings.Split(in.Text(), "\t"))
		if err != nil {
			line = "error\t" + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(line)
	}
	return in.Err()
}
