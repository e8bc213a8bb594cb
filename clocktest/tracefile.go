package clocktest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// artifacts returns the directory for what is written down.
func (s *sweep) artifacts(t *testing.T) (string, error) {
	if own := os.Getenv(envArtifacts); own != "" {
		dir := filepath.Join(own, strings.ReplaceAll(t.Name(), "/", "_"))
		return dir, os.MkdirAll(dir, 0o755)
	}
	return t.ArtifactDir(), nil
}

// trace is once, and writes the simulation down if that is wanted.
func (s *sweep) trace(c Config) outcome {
	if s.traces == "" {
		return s.once(c)
	}
	result, err := s.write(s.traces, c)
	if err != nil && result.failure == "" {
		result.failure = err.Error()
	}
	return result
}

// write is once, and writes the simulation down.
func (s *sweep) write(dir string, c Config) (outcome, error) {
	name := fmt.Sprintf("seed-%d%s", c.Seed, formats[c.Format].suffix)
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return outcome{seed: c.Seed}, err
	}
	log := bufio.NewWriter(file)
	c.Log = log
	result := s.once(c)
	return result, errors.Join(log.Flush(), file.Close())
}
