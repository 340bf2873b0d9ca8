package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// chunk is one file of the web UI as its build lists it in .vite/manifest.json.
type chunk struct {
	File    string   `json:"file"`
	CSS     []string `json:"css"`
	Imports []string `json:"imports"`
}

// What the screens begin with whose files are named in the page: one that waits until the code asks for it comes much later.
const (
	inboxFile        = "src/app/pages/inbox.tsx"
	conversationFile = "src/features/desk/ConversationPane.tsx"
)

// screenFiles are those that the screen at a path begins with; none where the page's own files are enough.
func screenFiles(path string) []string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case parts[0] == "" || parts[0] == "inbox" && len(parts) < 3:
		return []string{inboxFile}
	case parts[0] == "conversations" && len(parts) == 2, parts[0] == "inbox" && len(parts) == 3:
		return []string{inboxFile, conversationFile}
	}
	return nil
}

// aheadPages is the page with what is wanted next named in it, by the last of screenFiles. It is made once.
type aheadPages struct {
	once sync.Once
	by   map[string]*file
}

// ahead is the page for who comes with a session to a screen whose files are known; nil where it is as it is for all.
func (s *Server) ahead(r *http.Request) *file {
	wanted := screenFiles(r.URL.Path)
	if len(wanted) == 0 || !s.comesWithSession(r) {
		return nil
	}
	s.aheadPages.once.Do(func() {
		s.aheadPages.by = map[string]*file{}
		for _, list := range [][]string{{inboxFile}, {inboxFile, conversationFile}} {
			if f, err := s.pageWith(list); err == nil {
				s.aheadPages.by[list[len(list)-1]] = f
			}
		}
	})
	return s.aheadPages.by[wanted[len(wanted)-1]]
}

// comesWithSession reports a cookie of ours, good or not: this is about files that everybody may read.
func (s *Server) comesWithSession(r *http.Request) bool {
	return slices.ContainsFunc(r.Cookies(), func(c *http.Cookie) bool {
		return c.Name == s.plain.Cookie.Name || c.Name == s.secure.Cookie.Name
	})
}

func (s *Server) pageWith(wanted []string) (*file, error) {
	page, err := s.file("index.html")
	if err != nil {
		return nil, err
	}
	var list map[string]chunk
	raw, err := fs.ReadFile(s.uiFiles(), ".vite/manifest.json")
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	if err != nil {
		return nil, err
	}
	var links bytes.Buffer
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		c, there := list[name]
		if !there || seen[name] {
			return
		}
		seen[name] = true
		if !bytes.Contains(page.plain, []byte(c.File)) {
			fmt.Fprintf(&links, "<link rel=\"modulepreload\" crossorigin href=\"/%s\">\n", c.File)
		}
		for _, css := range c.CSS {
			if !bytes.Contains(page.plain, []byte(css)) {
				fmt.Fprintf(&links, "<link rel=\"preload\" as=\"style\" crossorigin href=\"/%s\">\n", css)
			}
		}
		for _, name := range c.Imports {
			add(name)
		}
	}
	for _, name := range wanted {
		add(name)
	}
	return newFile("index.html", bytes.Replace(page.plain, []byte("</head>"), append(links.Bytes(), "</head>"...), 1))
}
