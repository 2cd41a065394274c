//go:build !ltxv1

package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/superfly/ltx"
)

func newEncoder(w io.Writer) (*ltx.Encoder, error) { return ltx.NewEncoder(w) }

func newCompactor(w io.Writer, readers []io.Reader) (*ltx.Compactor, error) {
	return ltx.NewCompactor(w, readers)
}

// readThroughIndex reads every page again, alone, from the place that the index names.
func readThroughIndex(dec *ltx.Decoder, file []byte, numbers []uint32, pages []byte) error {
	index := dec.PageIndex()
	if len(index) != len(numbers) {
		return fmt.Errorf("the index has %d entries for %d pages", len(index), len(numbers))
	}
	for i, pgno := range numbers {
		e, ok := index[pgno]
		if !ok {
			return fmt.Errorf("page %d is not in the index", pgno)
		}
		if e.Offset < 0 || e.Size < 0 || e.Offset+e.Size > int64(len(file)) {
			return fmt.Errorf("page %d: the index names bytes %d to %d", pgno, e.Offset, e.Offset+e.Size)
		}
		hdr, data, err := ltx.DecodePageData(file[e.Offset : e.Offset+e.Size])
		if err != nil {
			return fmt.Errorf("page %d through the index: %w", pgno, err)
		}
		size := len(pages) / len(numbers)
		if hdr.Pgno != pgno || !bytes.Equal(data, pages[i*size:(i+1)*size]) {
			return fmt.Errorf("page %d through the index: other content", pgno)
		}
	}
	return nil
}
