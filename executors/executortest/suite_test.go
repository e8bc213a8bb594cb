package executortest

import (
	"testing"
)

// Each broken Executor is caught by the rule that it breaks.
func TestRulesCatch(t *testing.T) {
	for _, broken := range brokenExecutors {
		t.Run(broken.rule+"/"+broken.how, func(t *testing.T) {
			rule, ok := find(broken.rule)
			if !ok {
				t.Fatal("there is no such rule")
			}
			if rule.applies != nil && !rule.applies(broken.options) {
				t.Fatal("the rule is not for this kind of Executor")
			}
			err := rule.verify(t, broken.open, broken.options)
			if err == nil {
				t.Fatal("the rule has not noticed")
			}
			t.Log(err)
		})
	}
}

// Each rule can fail.
func TestRulesAreCaughtOut(t *testing.T) {
	proved := map[string]bool{}
	for _, broken := range brokenExecutors {
		proved[broken.rule] = true
	}
	for _, rule := range rules {
		if !proved[rule.name] {
			t.Errorf("no broken Executor shows that rule %q can fail", rule.name)
		}
	}
}

func TestRuleNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range rules {
		if seen[rule.name] {
			t.Errorf("two rules are called %q", rule.name)
		}
		seen[rule.name] = true
	}
}

func find(name string) (rule, bool) {
	for _, rule := range rules {
		if rule.name == name {
			return rule, true
		}
	}
	return rule{}, false
}
