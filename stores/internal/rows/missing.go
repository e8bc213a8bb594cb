package rows

// Missing returns those of ids, in their order and each once, that are not
// among found, of which each is one of ids.
func Missing(ids, found []string) (missing []string) {
	if len(found) == len(ids) {
		return nil
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range found {
		seen[id] = true
	}
	for _, id := range ids {
		if !seen[id] {
			missing = append(missing, id)
		}
		seen[id] = true
	}
	return missing
}
