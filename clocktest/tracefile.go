package clocktest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// trace is once, and writes the simulation down if that is wanted.
func (s *sweep) trace(c Config) outcome {
	if s.traces == "" {
		return s.once(c)
	}
	name := fmt.Sprintf("seed-%d%s", c.Seed, formats[c.Format].suffix)
	file, err := os.Create(filepath.Join(s.traces, name))
	if err != nil {
		return outcome{seed: c.Seed, failure: err.Error()}
	}
	log := bufio.NewWriter(file)
	c.Log = log
	result := s.once(c)
	if err := errors.Join(log.Flush(), file.Close()); err != nil && result.failure == "" {
		result.failure = err.Error()
	}
	return result
}
