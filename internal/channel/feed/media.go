package feed

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"

	"switchboard/internal/channel"
)

const mediaMost = 20

// mediaOf gathers what is attached to an item: enclosures, Media RSS, the pictures in its text. Each address comes once.
func mediaOf(item *gofeed.Item, w writing, base *url.URL) []channel.Media {
	var all []channel.Media
	add := func(m channel.Media) {
		m.URL = resolve(base, m.URL)
		if k := slices.IndexFunc(all, func(x channel.Media) bool { return x.URL == m.URL }); k >= 0 {
			all[k].Alt = cmp.Or(all[k].Alt, m.Alt)
			all[k].Preview = cmp.Or(all[k].Preview, m.Preview)
			return
		}
		if web(m.URL) && len(all) < mediaMost {
			m.Type = mediaType(m.URL, m.Type)
			all = append(all, m)
		}
	}
	for _, e := range item.Enclosures {
		if e != nil {
			size, _ := strconv.ParseInt(strings.TrimSpace(e.Length), 10, 64)
			add(channel.Media{URL: e.URL, Type: e.Type, Size: max(size, 0)})
		}
	}
	outer := item.Extensions["media"]
	mediaRSS(outer, outer, add)
	for _, group := range outer["group"] {
		mediaRSS(group.Children, group.Children, add)
	}
	if len(all) == 0 {
		for _, t := range outer["thumbnail"] {
			add(channel.Media{URL: t.Attrs["url"], Type: "image/*"})
		}
	}
	for _, m := range w.images {
		add(m)
	}
	if item.Image != nil && len(all) == 0 {
		add(channel.Media{URL: item.Image.URL, Type: "image/*", Alt: oneLine(item.Image.Title)})
	}
	return all
}

// mediaRSS adds the media:content elements of a level; what one does not say of itself, the level around it says for all.
func mediaRSS(level, around map[string][]ext.Extension, add func(channel.Media)) {
	for _, c := range level["content"] {
		kind := c.Attrs["type"]
		if kind == "" && c.Attrs["medium"] != "" {
			kind = c.Attrs["medium"] + "/*"
		}
		size, _ := strconv.ParseInt(c.Attrs["fileSize"], 10, 64)
		add(channel.Media{
			URL: c.Attrs["url"], Type: kind, Size: max(size, 0),
			Alt:     cmp.Or(said(c.Children, "description"), said(c.Children, "title"), said(around, "description"), said(around, "title")),
			Preview: preview(c.Children, around),
		})
	}
}

func said(level map[string][]ext.Extension, name string) string {
	for _, e := range level[name] {
		if e.Value != "" {
			return oneLine(e.Value)
		}
	}
	return ""
}

func preview(levels ...map[string][]ext.Extension) string {
	for _, l := range levels {
		for _, t := range l["thumbnail"] {
			if web(t.Attrs["url"]) {
				return t.Attrs["url"]
			}
		}
	}
	return ""
}

// mediaType is the type as told, else what the name ends in says; a type of ours with a star is the last resort.
func mediaType(address, told string) string {
	if told != "" && !strings.HasSuffix(told, "/*") {
		return told
	}
	u, err := url.Parse(address)
	if err == nil {
		switch strings.ToLower(path.Ext(u.Path)) {
		case ".jpg", ".jpeg":
			return "image/jpeg"
		case ".png":
			return "image/png"
		case ".gif":
			return "image/gif"
		case ".webp":
			return "image/webp"
		case ".avif":
			return "image/avif"
		case ".svg":
			return "image/svg+xml"
		case ".mp3":
			return "audio/mpeg"
		case ".m4a":
			return "audio/mp4"
		case ".ogg", ".oga":
			return "audio/ogg"
		case ".mp4", ".m4v":
			return "video/mp4"
		case ".webm":
			return "video/webm"
		case ".pdf":
			return "application/pdf"
		}
	}
	return cmp.Or(told, "application/octet-stream")
}
