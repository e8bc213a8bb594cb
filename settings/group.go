package settings

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// group are settings by key, with groups in it as groups: the one form that
// all ways of writing settings are brought to.
type group map[string]any

// maxDepth bounds how deep groups are nested, and so what a map that contains
// itself can do.
const maxDepth = 16

// fill adds settings to the group, which is found at path.
func (g group) fill(path string, settings []entry, f *faults, depth int) {
	for _, e := range settings {
		head, rest, dotted := strings.Cut(e.key, ".")
		at := join(path, head)
		switch {
		case head == "":
			f.add(fmt.Sprintf("key %q", strings.TrimPrefix(path+"."+e.key, ".")), "has an empty part; write names, with single dots between them")
		case depth == maxDepth:
			f.add(at, fmt.Sprintf("is nested too deep; %d levels are allowed", maxDepth))
		case dotted:
			g.fillInner(at, head, []entry{{rest, e.value}}, f, depth)
		default:
			if inner, ok := mapEntries(e.value); ok {
				g.fillInner(at, head, inner, f, depth)
			} else {
				g.put(at, head, e.value, f)
			}
		}
	}
}

// fillInner adds settings to the group that is a setting of this one.
func (g group) fillInner(at, key string, settings []entry, f *faults, depth int) {
	if g[key] == nil {
		g[key] = group{}
	}
	if inner, ok := g[key].(group); ok {
		inner.fill(at, settings, f, depth+1)
		return
	}
	f.add(at, bothForms)
}

// put adds a setting that is no group.
func (g group) put(at, key string, value any, f *faults) {
	there, given := g[key]
	_, isGroup := there.(group)
	switch {
	case !given:
		g[key] = value
	case isGroup && value != nil:
		f.add(at, bothForms)
	case !isGroup:
		f.add(at, "is given twice, in different forms; keep one of them")
	}
}

const bothForms = "is given as a value and as a group of settings; keep one of them"

// entry is one setting.
type entry struct {
	key   string
	value any
}

// entries returns what a map or a list consists of, in order.
func entries(value any) (list []entry, ok bool) {
	if list, ok = mapEntries(value); ok {
		return list, ok
	}
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return nil, false
	}
	for i := range v.Len() {
		list = append(list, entry{strconv.Itoa(i), v.Index(i).Interface()})
	}
	return list, true
}

func mapEntries(value any) (list []entry, ok bool) {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Map {
		return nil, false
	}
	for iter := v.MapRange(); iter.Next(); {
		list = append(list, entry{fmt.Sprint(iter.Key().Interface()), iter.Value().Interface()})
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return list, true
}
