package torture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Entry is what a job has written down about its run.
type Entry struct {
	Started   bool      `json:"started,omitempty"` // else it has ended
	Job       string    `json:"job"`
	Scheduled time.Time `json:"scheduled"`
	Attempt   int       `json:"attempt"`
	Worker    string    `json:"worker"`
	At        time.Time `json:"at"`            // by the machine's clock, whatever the scheduler's says
	How       string    `json:"how,omitempty"` // of an end: "done", "failed", or why its context had ended
}

// entrySize divides the size of a page: a write that crosses pages can be torn
// apart by SIGKILL.
const entrySize = 256

// Journal is a file that jobs write entries to. What was written survives the
// death of the process. It may be used concurrently.
type Journal struct{ file *os.File }

// OpenJournal opens a journal to append to.
func OpenJournal(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	return &Journal{f}, err
}

// Write appends an entry.
func (j *Journal) Write(e Entry) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if len(text) >= entrySize {
		return fmt.Errorf("entry of %d bytes; give the job a shorter ID", len(text))
	}
	line := bytes.Repeat([]byte{' '}, entrySize)
	copy(line, text)
	line[entrySize-1] = '\n'
	_, err = j.file.Write(line)
	return err
}

// Close closes the file.
func (j *Journal) Close() error { return j.file.Close() }

const journalSuffix = ".journal"

// ReadJournals returns the entries of all journals of a directory, those of one
// worker in order.
func ReadJournals(dir string) (entries []Entry, err error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+journalSuffix))
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if torn := len(text) % entrySize; torn != 0 {
			return nil, fmt.Errorf("%s ends with %d bytes of an entry", path, torn)
		}
		for at := 0; at < len(text); at += entrySize {
			var e Entry
			if err := json.Unmarshal(text[at:at+entrySize], &e); err != nil {
				return nil, fmt.Errorf("%s, entry %d: %w", path, at/entrySize, err)
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}
