package settings

import "strings"

// FromEnv returns the settings that an environment (see [os.Environ]) holds:
// the variables whose names begin with the prefix, in lower case, with a dot for
// each two underscores. For the prefix "CARILLON_", the variable
// CARILLON_EXECUTORS__DEFAULT__SIZE is executors.default.size. Every variable
// with the prefix counts, so choose one that nobody else sets variables with.
func FromEnv(environ []string, prefix string) map[string]any {
	values := map[string]any{}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if key, ours := strings.CutPrefix(name, prefix); ours {
			values[strings.ToLower(strings.ReplaceAll(key, "__", "."))] = value
		}
	}
	return values
}
