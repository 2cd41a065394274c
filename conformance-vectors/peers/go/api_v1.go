//go:build ltxv1

package main

import (
	"io"

	"github.com/superfly/ltx"
)

func newEncoder(w io.Writer) (*ltx.Encoder, error) { return ltx.NewEncoder(w), nil }

func newCompactor(w io.Writer, readers []io.Reader) (*ltx.Compactor, error) {
	return ltx.NewCompactor(w, readers), nil
}

// readThroughIndex does nothing: version 1 has no index.
func readThroughIndex(*ltx.Decoder, []byte, []uint32, []byte) error { return nil }
