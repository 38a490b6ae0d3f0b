// SPDX-License-Identifier: Apache-2.0

// check_log audits a served log with code that is not ours: golang.org/x/mod/sumdb/note and
// sumdb/tlog, as Debian packages them.
//
//	check_log DIR_OR_URL VKEY
//
// DIR_OR_URL is what stands before /checkpoint and /tile/: a directory or an http URL. VKEY is the
// log's verifier key, or the name of a file with it. Checked: the checkpoint's signature; every
// tile and bundle of its tree, each hash against what it is the hash of; the tree's root; proofs of
// records and of smaller trees, made from the tiles. Exits with 1 and says what is wrong.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight  = 8
	samplesMax  = 300 // Proofs of each kind tried of a log larger than that.
	answerBytes = 32 << 20
	tilesMax    = 10_000 // Remembered: 80 MB.
)

// A base reads what stands under a directory or a URL, and remembers tiles.
type base struct {
	place string
	tiles map[string][]byte
}

var client = http.Client{Timeout: 30 * time.Second}

func (b base) read(path string) ([]byte, error) {
	if !strings.HasPrefix(b.place, "http://") && !strings.HasPrefix(b.place, "https://") {
		return os.ReadFile(filepath.Join(b.place, filepath.FromSlash(path)))
	}
	answer, err := client.Get(strings.TrimSuffix(b.place, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerBytes))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, answer.Status)
	}
	return body, err
}

// tilePath is a tile's path in C2SP tlog-tiles: x/mod's has the height in it, and "data" for entries.
func tilePath(t tlog.Tile) string {
	parts := strings.SplitN(t.Path(), "/", 4)
	if parts[2] == "data" {
		parts[2] = "entries"
	}
	return "tile/" + parts[2] + "/" + parts[3]
}

// Height, ReadTiles and SaveTiles make a base a tlog.TileReader.
func (b base) Height() int                         { return tileHeight }
func (b base) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (b base) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		name := tilePath(t)
		data, known := b.tiles[name]
		if !known {
			var err error
			if data, err = b.read(name); err != nil {
				return nil, err
			}
			if len(data) != t.W*tlog.HashSize {
				return nil, fmt.Errorf("%s: %d bytes for %d hashes", name, len(data), t.W)
			}
			if len(b.tiles) < tilesMax {
				b.tiles[name] = data
			}
		}
		all = append(all, data)
	}
	return all, nil
}

// openCheckpoint verifies the note and reads its three lines.
func openCheckpoint(raw []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("origin %q, key of %q", origin, verifier.Name())
	}
	// x/mod knows one log, whose text begins with this line.
	return tlog.ParseTree([]byte("go.sum database tree\n" + rest))
}

// bundle splits the entries of a bundle.
func bundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("cut amid entry %d", len(entries))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	return entries, nil
}

// tilesOf lists the tiles of a tree, each as wide as it is there. (tlog.NewTiles also lists the
// narrower ones that came before.)
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level := 0; size > 0; level++ {
		for n := int64(0); n<<tileHeight < size; n++ {
			width := size - n<<tileHeight
			if width > 1<<tileHeight {
				width = 1 << tileHeight
			}
			tiles = append(tiles, tlog.Tile{H: tileHeight, L: level, N: n, W: int(width)})
		}
		size >>= tileHeight
	}
	return tiles
}

// checkTiles compares every hash of every tile with the entry or the tile that it is the hash of.
func checkTiles(b base, size int64) (tiles int, err error) {
	below := map[int64][]byte{} // The tiles of the level below, full ones.
	level := 0
	current := map[int64][]byte{}
	for _, t := range tilesOf(size) {
		if t.L != level {
			below, current, level = current, map[int64][]byte{}, t.L
		}
		data, err := b.ReadTiles([]tlog.Tile{t})
		if err != nil {
			return tiles, err
		}
		hashes := data[0]
		current[t.N] = hashes
		var entries [][]byte
		if t.L == 0 {
			name := tilePath(tlog.Tile{H: tileHeight, L: -1, N: t.N, W: t.W})
			raw, err := b.read(name)
			if err == nil {
				entries, err = bundle(raw)
			}
			if err == nil && len(entries) != t.W {
				err = fmt.Errorf("%d entries, not %d", len(entries), t.W)
			}
			if err != nil {
				return tiles, fmt.Errorf("%s: %w", name, err)
			}
		}
		for i := 0; i < t.W; i++ {
			var want tlog.Hash
			if t.L == 0 {
				want = tlog.RecordHash(entries[i])
			} else {
				want = root(below[t.N<<tileHeight+int64(i)])
			}
			if !bytes.Equal(hashes[i*tlog.HashSize:(i+1)*tlog.HashSize], want[:]) {
				return tiles, fmt.Errorf("%s: hash %d is wrong", tilePath(t), i)
			}
		}
		tiles++
	}
	return tiles, nil
}

// root is the hash over a full tile.
func root(tile []byte) tlog.Hash {
	var row []tlog.Hash
	for ; len(tile) > 0; tile = tile[tlog.HashSize:] {
		var h tlog.Hash
		copy(h[:], tile)
		row = append(row, h)
	}
	for ; len(row) > 1; row = row[:len(row)/2] {
		for i := 0; i < len(row)/2; i++ {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
	}
	return row[0]
}

// checkProofs makes proofs out of tiles, as a client would, and checks them.
func checkProofs(b base, tree tlog.Tree) error {
	hashes := tlog.TileHashReader(tree, b) // Checks each tile against the root.
	found, err := tlog.TreeHash(tree.N, hashes)
	if err != nil || found != tree.Hash {
		return fmt.Errorf("tree hash %v, checkpoint %v: %v", found, tree.Hash, err)
	}
	step := tree.N/samplesMax + 1
	for n := int64(0); n < tree.N; n += step {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, n, hashes)
		if err == nil {
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, n, leaf[0])
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
		older, err := tlog.TreeHash(n+1, hashes)
		if err != nil {
			return err
		}
		treeProof, err := tlog.ProveTree(tree.N, n+1, hashes)
		if err == nil {
			err = tlog.CheckTree(treeProof, tree.N, tree.Hash, n+1, older)
		}
		if err != nil {
			return fmt.Errorf("tree of %d: %w", n+1, err)
		}
	}
	return nil
}

func run(b base, vkey string) error {
	if text, err := os.ReadFile(vkey); err == nil {
		vkey = strings.TrimSpace(string(text))
	}
	raw, err := b.read("checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(raw, vkey)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	tiles, err := checkTiles(b, tree.N)
	if err != nil {
		return err
	}
	if tree.N > 0 {
		if err := checkProofs(b, tree); err != nil {
			return err
		}
	}
	fmt.Printf("%d entries in %d tiles, as the checkpoint says\n", tree.N, tiles)
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: check_log DIR_OR_URL VKEY")
		os.Exit(2)
	}
	if err := run(base{os.Args[1], map[string][]byte{}}, os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "check_log:", err)
		os.Exit(1)
	}
}
