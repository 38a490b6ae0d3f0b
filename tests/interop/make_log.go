// SPDX-License-Identifier: Apache-2.0

// make_log makes a log with code that is not ours, golang.org/x/mod/sumdb/note and sumdb/tlog, for
// interop_log to verify.
//
//	make_log DIR SIZE
//
// Writes into DIR: vkey; checkpoint, of a log whose entry n is "entry n"; N.tlog-proof, a receipt of
// some entries; N.add-checkpoint, a request to a witness that knows the tree of N, and N.root, that
// tree's root; tile/..., its tiles.
package main

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin     = "go.example/interop"
	tileHeight = 8
	samplesMax = 100
)

// A store holds hashes as tlog numbers them.
type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, i := range indexes {
		hashes = append(hashes, s[i])
	}
	return hashes, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "make_log:", err)
		os.Exit(1)
	}
}

func write(dir, name string, data []byte) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	check(os.MkdirAll(filepath.Dir(path), 0o755))
	check(os.WriteFile(path, data, 0o644))
}

func lines(hashes []tlog.Hash) string {
	var text strings.Builder
	for _, h := range hashes {
		text.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	return text.String()
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

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: make_log DIR SIZE")
		os.Exit(2)
	}
	dir := os.Args[1]
	size, err := strconv.ParseInt(os.Args[2], 10, 64)
	check(err)

	var s store
	for n := int64(0); n < size; n++ {
		hashes, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("entry %d", n)), s)
		check(err)
		s = append(s, hashes...)
	}
	root, err := tlog.TreeHash(size, s)
	check(err)

	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	check(err)
	signer, err := note.NewSigner(skey)
	check(err)
	text := fmt.Sprintf("%s\n%d\n%s", origin, size, lines([]tlog.Hash{root}))
	checkpoint, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	write(dir, "vkey", []byte(vkey+"\n"))
	write(dir, "checkpoint", checkpoint)

	for _, t := range tilesOf(size) {
		data, err := tlog.ReadTileData(t, s)
		check(err)
		write(dir, "tile/"+strings.SplitN(t.Path(), "/", 3)[2], data)
	}
	for n := int64(0); n < size; n += size/samplesMax + 1 {
		proof, err := tlog.ProveRecord(size, n, s)
		check(err)
		write(dir, fmt.Sprintf("%d.tlog-proof", n),
			[]byte(fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n%s\n%s", n, lines(proof), checkpoint)))
		treeProof, err := tlog.ProveTree(size, n+1, s)
		check(err)
		write(dir, fmt.Sprintf("%d.add-checkpoint", n+1),
			[]byte(fmt.Sprintf("old %d\n%s\n%s", n+1, lines(treeProof), checkpoint)))
		older, err := tlog.TreeHash(n+1, s)
		check(err)
		write(dir, fmt.Sprintf("%d.root", n+1), []byte(lines([]tlog.Hash{older})))
	}
}
