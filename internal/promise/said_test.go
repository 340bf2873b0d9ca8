package promise

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatIsSaidAtACounter reads what is said every day: + promises something, - does not.
func TestWhatIsSaidAtACounter(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("testdata is missing:", err)
	}
	for _, file := range files {
		lang := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(lang, func(t *testing.T) {
			lines, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(lines)) {
				sign, text, _ := strings.Cut(strings.TrimSpace(line), " ")
				if found := Find(text, Setting{At: monday, Language: lang}); (len(found) > 0) != (sign == "+") {
					t.Errorf("%s %q: found %+v", sign, text, found)
				}
			}
		})
	}
}
