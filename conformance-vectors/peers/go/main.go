// Command ltxpeer puts one version of github.com/superfly/ltx behind a small line protocol, so that a test written in
// another language can give it hundreds of files in one process.
//
// Every line of standard input is a command with tab-separated fields; for every command one line is printed, "ok" or
// "error", a tab and the reason. The README beside this file has the commands and the format of a description.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 64<<10), 16<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		if in.Text() == "" {
			continue
		}
		if err := guarded(strings.Split(in.Text(), "\t")); err != nil {
			fmt.Fprintf(out, "error\t%s\n", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Fprintln(out, "ok")
		}
		out.Flush()
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "reading commands:", err)
		os.Exit(3)
	}
}

// guarded runs a command and turns a panic of the library into an error: one bad file must not end the batch.
func guarded(fields []string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return run(fields)
}

func run(fields []string) error {
	command, args := fields[0], fields[1:]
	switch {
	case command == "encode" && len(args) == 3:
		return encode(args[0], args[1], args[2])
	case command == "decode" && len(args) == 3:
		return decode(args[0], args[1], args[2])
	case command == "verify" && len(args) == 1:
		return verify(args[0])
	case command == "compact" && len(args) >= 4:
		return compact(args[0], args[1], args[2], args[3:])
	}
	return fmt.Errorf("unknown command or wrong number of fields: %q", fields)
}
