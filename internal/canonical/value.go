package canonical

import (
	"bytes"
	"unicode/utf8"
)

// maxDepth bounds how deep values are nested that are taken for canonical.
const maxDepth = 100

// valueLen returns the length of the JSON value that data begin with, 0 if
// there is none that is canonical.
func valueLen(data []byte, depth int) int {
	switch c := at(data, 0); {
	case c == '"':
		return stringLen(data)
	case c == '{' || c == '[':
		return compositeLen(data, c, depth)
	case c == '-' || isDigit(c):
		return numberLen(data)
	}
	for _, word := range []string{"null", "true", "false"} {
		if len(data) >= len(word) && string(data[:len(word)]) == word {
			return len(word)
		}
	}
	return 0
}

// compositeLen is valueLen for an object or an array, which data begin with.
func compositeLen(data []byte, open byte, depth int) int {
	closing := open + 2 // of '{' and '[' alike
	if at(data, 1) == closing {
		return 2
	}
	if depth == 0 {
		return 0
	}
	for n := 1; ; n++ {
		if open == '{' {
			name := stringLen(data[n:])
			if n += name; name == 0 || at(data, n) != ':' {
				return 0
			}
			n++
		}
		value := valueLen(data[n:], depth-1)
		n += value
		switch c := at(data, n); {
		case value == 0:
			return 0
		case c == closing:
			return n + 1
		case c != ',':
			return 0
		}
	}
}

// stringLen is valueLen for a string, which may have escapes.
func stringLen(data []byte) int {
	if at(data, 0) != '"' {
		return 0
	}
	for i := 1; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			return i + 1
		case c < ' ':
			return 0
		case c == '\\':
			i++
			switch at(data, i) {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if !isHex(at(data, i+1)) || !isHex(at(data, i+2)) || !isHex(at(data, i+3)) || !isHex(at(data, i+4)) {
					return 0
				}
				i += 4
			default:
				return 0
			}
		}
	}
	return 0
}

// numberLen is valueLen for a number.
func numberLen(data []byte) (n int) {
	if at(data, n) == '-' {
		n++
	}
	whole := digits(data[n:])
	if whole == 0 || whole > 1 && data[n] == '0' {
		return 0
	}
	n += whole
	if at(data, n) == '.' {
		fraction := digits(data[n+1:])
		if fraction == 0 {
			return 0
		}
		n += 1 + fraction
	}
	if c := at(data, n); c == 'e' || c == 'E' {
		n++
		if c := at(data, n); c == '+' || c == '-' {
			n++
		}
		exponent := digits(data[n:])
		if exponent == 0 {
			return 0
		}
		n += exponent
	}
	return n
}

// plain returns the text that data begin with, as it is between quotation marks
// and is the same there as outside. ok is false if there is no such text.
func plain(data []byte) (text []byte, ok bool) {
	n := stringLen(data)
	if n == 0 {
		return nil, false
	}
	text = data[1 : n-1]
	return text, bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text)
}

// digits returns how many digits data begin with.
func digits(data []byte) (n int) {
	for isDigit(at(data, n)) {
		n++
	}
	return n
}

// at returns a byte, 0 if it is past the end: no JSON has a 0.
func at(data []byte, i int) byte {
	if i < len(data) {
		return data[i]
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }
