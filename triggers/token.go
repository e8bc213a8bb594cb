package triggers

import (
	"iter"
	"strings"
)

// token is a piece of an expression and its position in it.
type token struct {
	text string
	pos  int
}

// cut divides t around the first sep.
func (t token) cut(sep string) (before, after token, found bool) {
	a, b, found := strings.Cut(t.text, sep)
	return token{a, t.pos}, token{b, t.pos + len(a) + len(sep)}, found
}

// cutPrefix returns t without the prefix, which may be in either case.
func (t token) cutPrefix(prefix string) (rest token, found bool) {
	n := len(prefix)
	if len(t.text) < n || !strings.EqualFold(t.text[:n], prefix) {
		return t, false
	}
	return token{t.text[n:], t.pos + n}, true
}

// cutSuffix returns t without the suffix, which may be in either case.
func (t token) cutSuffix(suffix string) (rest token, found bool) {
	n := len(t.text) - len(suffix)
	if n < 0 || !strings.EqualFold(t.text[n:], suffix) {
		return t, false
	}
	return token{t.text[:n], t.pos}, true
}

// is reports whether t is word, in either case.
func (t token) is(word string) bool { return strings.EqualFold(t.text, word) }

const space = " \t\r\n\v\f"

func (t token) trim() token {
	left := strings.TrimLeft(t.text, space)
	return token{strings.TrimRight(left, space), t.pos + len(t.text) - len(left)}
}

// list returns the pieces between the commas.
func (t token) list() iter.Seq[token] {
	return func(yield func(token) bool) {
		for more := true; more; {
			var item token
			item, t, more = t.cut(",")
			if !yield(item.trim()) {
				return
			}
		}
	}
}

// words returns the pieces between white space.
func (t token) words() (words []token) {
	for t = t.trim(); t.text != ""; t = t.trim() {
		n := strings.IndexAny(t.text, space)
		if n < 0 {
			n = len(t.text)
		}
		words = append(words, token{t.text[:n], t.pos})
		t = token{t.text[n:], t.pos + n}
	}
	return words
}

// write returns the words with one space between them.
func write(words []token) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = word.text
	}
	return strings.Join(texts, " ")
}
