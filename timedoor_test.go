package carillon_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// house is a rule about what may be written where.
type house struct {
	name   string
	spares func(f file) bool
	finds  func(f file, n ast.Node) (what string, found bool)
	remedy string
}

var houseRules = []house{
	{
		name:   "time has one door",
		spares: func(f file) bool { return f.test() || f.in("clock", "examples") },
		finds: func(f file, n ast.Node) (string, bool) {
			return f.uses(n, map[string][]string{
				"time":    {"Now", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Since", "Until"},
				"context": {"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"},
			})
		},
		remedy: "ask the clock.Clock that you were given, or clock.WithTimeout",
	},
	{
		name:   "no test waits for real time",
		spares: func(f file) bool { return !f.test() || f.imports("testing/synctest") },
		finds: func(f file, n ast.Node) (string, bool) {
			return f.uses(n, map[string][]string{"time": {"Sleep"}})
		},
		remedy: "use a fake clock, testing/synctest or a channel",
	},
	{
		name: "goroutines are started in one place",
		spares: func(f file) bool {
			return f.test() || f.in("clocktest", "examples", "stores/storetest", "executors/executortest") ||
				f.path == "actors/live.go" // which counts them, so that Settle and Shutdown know of each
		},
		finds: func(f file, n ast.Node) (string, bool) {
			_, found := n.(*ast.GoStmt)
			return "go statement", found
		},
		remedy: "start it with the runtime of package actors, or with executors.Host.Go",
	},
}

// TestHouseRules holds every Go file of the module against the rules.
func TestHouseRules(t *testing.T) {
	files := goFiles(t)
	for _, rule := range houseRules {
		t.Run(rule.name, func(t *testing.T) {
			for _, f := range files {
				if rule.spares(f) {
					continue
				}
				ast.Inspect(f.tree, func(n ast.Node) bool {
					if what, found := rule.finds(f, n); found {
						t.Errorf("%s: %s\n\tremedy: %s", f.positions.Position(n.Pos()), what, rule.remedy)
					}
					return true
				})
			}
		})
	}
}

// file is a Go file, by its path from the root, with slashes.
type file struct {
	path      string
	tree      *ast.File
	positions *token.FileSet
}

// goFiles reads the module's Go files. The folder bench is another module.
func goFiles(t *testing.T) (files []file) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (name == "bench" || name != "." && strings.HasPrefix(entry.Name(), ".")) {
			return filepath.SkipDir
		}
		if entry.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		f := file{path: filepath.ToSlash(name), positions: token.NewFileSet()}
		f.tree, err = parser.ParseFile(f.positions, name, nil, parser.SkipObjectResolution)
		files = append(files, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (f file) test() bool { return strings.HasSuffix(f.path, "_test.go") }

// in reports whether the file is in or beneath one of the folders.
func (f file) in(folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool { return strings.HasPrefix(f.path, folder+"/") })
}

func (f file) imports(importPath string) bool {
	_, found := f.nameOf(importPath)
	return found
}

// nameOf returns the name by which the file knows a package of the standard
// library.
func (f file) nameOf(importPath string) (name string, found bool) {
	for _, spec := range f.tree.Imports {
		if spec.Path.Value != fmt.Sprintf("%q", importPath) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name, true
		}
		return path.Base(importPath), true
	}
	return "", false
}

// uses reports whether n is one of the packages' functions, called or not.
func (f file) uses(n ast.Node, functions map[string][]string) (what string, found bool) {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	for importPath, names := range functions {
		name, imported := f.nameOf(importPath)
		if imported && x.Name == name && slices.Contains(names, selector.Sel.Name) {
			return importPath + "." + selector.Sel.Name, true
		}
	}
	return "", false
}
