package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/superfly/ltx"
)

// encode writes the LTX file that a description and the pages' bytes describe.
func encode(descriptionPath, pagesPath, outPath string) error {
	d, err := readDescription(descriptionPath)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(pagesPath)
	if err != nil {
		return err
	}
	size := int(d.header.PageSize)
	if len(data) != size*len(d.pages) {
		return fmt.Errorf("%s: %d bytes for %d pages of %d", pagesPath, len(data), len(d.pages), size)
	}
	var out bytes.Buffer
	enc, err := newEncoder(&out)
	if err != nil {
		return err
	}
	if err := enc.EncodeHeader(d.header); err != nil {
		return err
	}
	for i, pgno := range d.pages {
		if err := enc.EncodePage(ltx.PageHeader{Pgno: pgno}, data[i*size:(i+1)*size]); err != nil {
			return err
		}
	}
	enc.SetPostApplyChecksum(ltx.Checksum(d.postApply))
	if err := enc.Close(); err != nil {
		return err
	}
	return os.WriteFile(outPath, out.Bytes(), 0o644)
}

// decode reads a file page by page, has the reference verify it, reads every page again through the index where there
// is one, and writes what it saw in the form that encode takes.
func decode(inPath, descriptionPath, pagesPath string) error {
	file, err := os.ReadFile(inPath)
	if err != nil {
		return err
	}
	dec := ltx.NewDecoder(bytes.NewReader(file))
	if err := dec.DecodeHeader(); err != nil {
		return err
	}
	d := &description{header: dec.Header()}
	size := int(d.header.PageSize)
	var pages []byte
	page := make([]byte, size)
	for {
		var hdr ltx.PageHeader
		if err := dec.DecodePage(&hdr, page); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		d.pages = append(d.pages, hdr.Pgno)
		pages = append(pages, page...)
	}
	if err := dec.Close(); err != nil {
		return err
	}
	d.postApply = uint64(dec.Trailer().PostApplyChecksum)
	if err := verify(inPath); err != nil {
		return fmt.Errorf("decodes, but does not verify: %w", err)
	}
	if err := readThroughIndex(dec, file, d.pages, pages); err != nil {
		return err
	}
	if err := decodeAsDatabase(file, d, pages); err != nil {
		return err
	}
	if err := os.WriteFile(pagesPath, pages, 0o644); err != nil {
		return err
	}
	return d.writeTo(descriptionPath)
}

// decodeAsDatabase compares a small snapshot, written as a database by the reference, with its pages.
func decodeAsDatabase(file []byte, d *description, pages []byte) error {
	if !d.header.IsSnapshot() || int64(d.header.Commit)*int64(d.header.PageSize) > 64<<20 || len(d.pages) == 0 {
		return nil
	}
	dec := ltx.NewDecoder(bytes.NewReader(file))
	var db bytes.Buffer
	if err := dec.DecodeDatabaseTo(&db); err != nil {
		return fmt.Errorf("as a database: %w", err)
	}
	if !bytes.Equal(db.Bytes(), pages) {
		return errors.New("as a database: other bytes than page by page")
	}
	return nil
}

func verify(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return ltx.NewDecoder(f).Verify()
}

// compact merges files as the reference does; nothing is written when it reports an error.
func compact(flags, allowGaps, outPath string, inPaths []string) error {
	var readers []io.Reader
	for _, path := range inPaths {
		file, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		readers = append(readers, bytes.NewReader(file))
	}
	var out bytes.Buffer
	c, err := newCompactor(&out, readers)
	if err != nil {
		return err
	}
	if _, err := fmt.Sscanf(flags, "%d", &c.HeaderFlags); err != nil {
		return fmt.Errorf("flags %q: %w", flags, err)
	}
	c.AllowNonContiguousTXIDs = allowGaps == "true"
	if err := c.Compact(context.Background()); err != nil {
		return err
	}
	if out.Len() == 0 {
		return errors.New("success reported, but nothing written")
	}
	return os.WriteFile(outPath, out.Bytes(), 0o644)
}
