package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
)

//go:embed static
var static embed.FS

// files are what the pages refer to, by name. Their types are not left to the
// machine, which may have other ones, with which a browser refuses a stylesheet.
var files = map[string]file{
	"style.css": readFile("style.css", "text/css; charset=utf-8"),
	"icon.svg":  readFile("icon.svg", "image/svg+xml"),
}

type file struct {
	mime    string
	data    []byte
	version string // is another one if the data is
}

func readFile(name, mime string) file {
	data, err := static.ReadFile("static/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	sum := sha256.Sum256(data)
	return file{mime, data, hex.EncodeToString(sum[:4])}
}

// fileLink returns a link to a file, which a browser need not ask for again as
// long as it is the same.
func fileLink(name string) string { return name + "?v=" + files[name].version }

// serve answers with the file. A browser keeps it if it is the one that was asked
// for, and not another version's: while a program is replaced, a page may be of the
// new one, and the file of the old one.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.mime)
	if r.URL.Query().Get("v") == f.version {
		w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	_, _ = w.Write(f.data) // the client may be gone
}
