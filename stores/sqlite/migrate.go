package sqlite

import (
	"context"
	"fmt"
)

// checkVersion refuses a file that a newer program has brought up to date since
// it was opened.
func (s *store) checkVersion() error {
	var version int
	if err := s.row("PRAGMA user_version", nil, &version); err != nil {
		return err
	}
	if err := s.supports(version); err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	return nil
}

// migrate brings the file to the last of the schemas, in one transaction. It
// finds out as well whether the file can be written to.
func (s *store) migrate(ctx context.Context, schemas []string) error {
	return s.change(ctx, func() (bool, error) {
		var version int
		if err := s.row("PRAGMA user_version", nil, &version); err != nil {
			return false, err
		}
		if version >= len(schemas) {
			return false, s.supports(version)
		}
		for i, step := range schemas[version:] {
			if err := s.exec(step); err != nil {
				return false, fmt.Errorf("schema version %d: %w", version+i+1, err)
			}
		}
		if version == 0 {
			if err := s.exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
				return false, err
			}
		}
		return true, s.exec(fmt.Sprintf("PRAGMA user_version = %d", len(schemas)))
	})
}
