package settings

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Text returns a text. A number counts as the text that it is written as.
func (s *Section) Text(key string) string {
	value := s.Value(key)
	text, ok := scalar(value)
	if !ok && value != nil {
		s.Refuse(key, "give text")
	}
	return text
}

// Word returns one of the words, in whatever case it is given, and with
// underscores, hyphens or spaces.
func (s *Section) Word(key string, words ...string) string {
	given := s.Text(key)
	for _, word := range words {
		if plain(word) == plain(given) {
			return word
		}
	}
	if s.Value(key) != nil {
		s.Refuse(key, "give "+OneOf(words, "or"))
	}
	return ""
}

func plain(word string) string {
	return strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(strings.TrimSpace(word)))
}

// Int returns a whole number.
func (s *Section) Int(key string) int {
	value := s.Value(key)
	text, _ := scalar(value)
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && f == math.Trunc(f) && math.Abs(f) <= min(1<<53, math.MaxInt) {
		return int(f)
	}
	if value != nil {
		s.Refuse(key, "give a whole number")
	}
	return 0
}

var (
	yes = []string{"true", "yes", "on", "y", "t", "1"}
	no  = []string{"false", "no", "off", "n", "f", "0"}
)

// Bool returns a truth value. As text it is true, yes, on, y, t or 1, or false,
// no, off, n, f or 0, in either case.
func (s *Section) Bool(key string) bool {
	value := s.Value(key)
	if b, ok := value.(bool); ok {
		return b
	}
	text, _ := scalar(value)
	text = strings.ToLower(strings.TrimSpace(text))
	switch {
	case slices.Contains(yes, text):
		return true
	case value != nil && !slices.Contains(no, text):
		s.Refuse(key, "give true or false")
	}
	return false
}

// Duration returns a duration, which is not negative. A number, of which there
// may be a fraction, counts units; text may also be what time.ParseDuration
// reads, such as "1m30s".
func (s *Section) Duration(key string, unit time.Duration) time.Duration {
	value := s.Value(key)
	d, ok := duration(value, unit)
	if value != nil && (!ok || d < 0) {
		most := math.MaxInt64 / int64(unit)
		if n, err := strconv.ParseFloat(fmt.Sprint(value), 64); err == nil && n > float64(most) {
			s.Refuse(key, fmt.Sprintf("give at most %d %s", most, units[unit]))
		} else {
			s.Refuse(key, fmt.Sprintf("give a number of %s from 0 on, or a duration such as \"1m30s\"", units[unit]))
		}
		return 0
	}
	return d
}

var units = map[time.Duration]string{
	7 * 24 * time.Hour: "weeks",
	24 * time.Hour:     "days",
	time.Hour:          "hours",
	time.Minute:        "minutes",
	time.Second:        "seconds",
	time.Millisecond:   "milliseconds",
}

func duration(value any, unit time.Duration) (d time.Duration, ok bool) {
	if d, ok = value.(time.Duration); ok {
		return d, true
	}
	text, _ := scalar(value)
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		d = time.Duration(n) * unit
		return d, int64(d/unit) == n
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		f = math.Round(f * float64(unit))
		return time.Duration(f), math.Abs(f) < math.MaxInt64
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// scalar returns a text or a number as text.
func scalar(value any) (text string, ok bool) {
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return v.String(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10), true
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), true
	}
	return "", false
}
