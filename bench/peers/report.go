package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"runtime"
	"strings"
	"time"
)

// report is everything that was found out.
type report struct {
	Machine  string
	Rounds   int
	Quick    bool
	Took     time.Duration
	Targets  []target
	Sections []section
	Subjects []subject
}

//go:embed report.html
var reportHTML string

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"si":      si,
	"ratio":   ratio,
	"curve":   curve,
	"groupOf": groupOf,
}).Parse(reportHTML))

// writeHTML writes a page that needs no other file.
func writeHTML(name string, r report) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := reportPage.Execute(f, r); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (r report) tookText() string {
	if r.Quick {
		return fmt.Sprintf("A quick run, which says nothing about speed, took %v", r.Took)
	}
	return fmt.Sprintf("It took %v", r.Took)
}

// Summary is tookText for the page.
func (r report) Summary() string { return r.tookText() }

// Title is title for the page.
func (t table) Title() string { return t.title() }

// thisMachine describes what all figures depend on.
func thisMachine() string {
	return fmt.Sprintf("%s, %s/%s, %d processors (%s), %s",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), processor(), time.Now().Format(time.DateOnly))
}

func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(info)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
