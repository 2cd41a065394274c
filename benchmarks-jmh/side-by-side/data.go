package main

import (
	"fmt"
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"github.com/superfly/ltx"
)

func makeSnapshot(dbPath, outPath string) error {
	db, err := os.ReadFile(dbPath)
	if err != nil {
		return err
	}
	return writeFile(outPath, func(w io.Writer) error {
		_, err := encodeSnapshot(w, db)
		return err
	})
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	defer f.Close()
	if err := write(f); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}

// makeDeltas makes deltas 2, 3, ... of a database: each gives random pages the content of other pages, a few bytes
// changed, so that they compress as the database does. The seed is fixed.
func makeDeltas(dbPath, dir, countText, pagesText string) error {
	db, err := os.ReadFile(dbPath)
	if err != nil {
		return err
	}
	count, err := strconv.Atoi(countText)
	if err != nil {
		return err
	}
	pages, err := strconv.Atoi(pagesText)
	if err != nil {
		return err
	}
	h := history{db: db, pageSize: pageSizeOf(db), random: rand.New(rand.NewSource(5))}
	h.commit = uint32(len(db) / int(h.pageSize))
	if err := h.start(); err != nil {
		return err
	}
	for txid := ltx.TXID(2); txid < ltx.TXID(count+2); txid++ {
		path := filepath.Join(dir, ltx.FormatFilename(txid, txid))
		if err := writeFile(path, func(w io.Writer) error { return h.next(w, txid, pages) }); err != nil {
			return err
		}
	}
	return nil
}

// history is a database that changes.
type history struct {
	db       []byte
	pageSize uint32
	commit   uint32
	random   *rand.Rand
	sum      ltx.Checksum
}

func (h *history) page(pgno uint32) []byte {
	return h.db[int64(pgno-1)*int64(h.pageSize):][:h.pageSize]
}

func (h *history) start() error {
	if h.commit >= ltx.LockPgno(h.pageSize) {
		return fmt.Errorf("too large: %d pages", h.commit)
	}
	for pgno := uint32(1); pgno <= h.commit; pgno++ {
		h.sum = ltx.ChecksumFlag | (h.sum ^ ltx.ChecksumPage(pgno, h.page(pgno)))
	}
	return nil
}

func (h *history) next(w io.Writer, txid ltx.TXID, pages int) error {
	enc, err := ltx.NewEncoder(w)
	if err != nil {
		return err
	}
	if err := enc.EncodeHeader(ltx.Header{
		Version:          ltx.Version,
		PageSize:         h.pageSize,
		Commit:           h.commit,
		MinTXID:          txid,
		MaxTXID:          txid,
		Timestamp:        1000 * int64(txid),
		PreApplyChecksum: h.sum,
	}); err != nil {
		return err
	}
	for _, pgno := range h.choose(pages) {
		page := h.page(pgno)
		h.sum = ltx.ChecksumFlag | (h.sum ^ ltx.ChecksumPage(pgno, page))
		copy(page, h.page(2+uint32(h.random.Intn(int(h.commit)-1))))
		for i := range 8 {
			page[h.random.Intn(len(page))] ^= byte(1 + i)
		}
		if err := enc.EncodePage(ltx.PageHeader{Pgno: pgno}, page); err != nil {
			return err
		}
		h.sum = ltx.ChecksumFlag | (h.sum ^ ltx.ChecksumPage(pgno, page))
	}
	enc.SetPostApplyChecksum(h.sum)
	return enc.Close()
}

// choose gives different page numbers, ascending; page 1 stays as it is.
func (h *history) choose(count int) []uint32 {
	chosen := map[uint32]bool{}
	for len(chosen) < count {
		chosen[2+uint32(h.random.Intn(int(h.commit)-1))] = true
	}
	var sorted []uint32
	for pgno := range chosen {
		sorted = append(sorted, pgno)
	}
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	return sorted
}
