package dashboard

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
)

//go:embed static
var static embed.FS

// files are what the pages refer to, by name.
var files = readFiles("style.css", "icon.svg")

type file struct {
	mime    string
	data    []byte
	version string // is another one if the data is
}

func readFiles(names ...string) map[string]file {
	found := make(map[string]file, len(names))
	for _, name := range names {
		data, err := static.ReadFile("static/" + name)
		if err != nil {
			panic(err) // it is part of the program
		}
		sum := sha256.Sum256(data)
		found[name] = file{mime.TypeByExtension(path.Ext(name)), data, hex.EncodeToString(sum[:4])}
	}
	return found
}

// fileLink returns a link to a file, which a browser need not ask for again as
// long as it is the same.
func fileLink(name string) string { return name + "?v=" + files[name].version }

func (f file) serve(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.mime)
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	_, _ = w.Write(f.data) // the client may be gone
}
