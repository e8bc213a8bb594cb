package postgres

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// The database takes no zero byte in a text, but a job's ID may have one. It is
// written as two bytes in a way that keeps the order of IDs.
var (
	escape   = strings.NewReplacer("\x00", "\x01\x01", "\x01", "\x01\x02")
	unescape = strings.NewReplacer("\x01\x01", "\x00", "\x01\x02", "\x01")
)

// toText returns an ID as it is stored. One that is no text in UTF-8 is none that a
// job can have, but may be looked for.
func toText(id string) string {
	if !utf8.ValidString(id) {
		return "\x01\x03" + hex.EncodeToString([]byte(id)) // nothing else begins like that
	}
	if !special(id) {
		return id
	}
	return escape.Replace(id)
}

// toTexts returns IDs as they are stored.
func toTexts(ids []string) []string {
	texts := make([]string, len(ids))
	for i := range ids {
		texts[i] = toText(ids[i])
	}
	return texts
}

// toID is the inverse of toText.
func toID(text string) string {
	if !special(text) {
		return text
	}
	return unescape.Replace(text)
}

// special reports whether there is a byte that makes a difference.
func special(s string) bool {
	for i := range len(s) {
		if s[i] <= 1 {
			return true
		}
	}
	return false
}
