#include "pages.h"

// Embedded, so that the binary shows its pages wherever it is put, and reads no file that a request names.
static const unsigned char chat_html[] = {
#embed "pages/chat.html"
};
static const unsigned char runs_html[] = {
#embed "pages/runs.html"
};
static const unsigned char style_css[] = {
#embed "pages/style.css"
};
static const unsigned char chat_css[] = {
#embed "pages/chat.css"
};
static const unsigned char runs_css[] = {
#embed "pages/runs.css"
};
static const unsigned char theme_js[] = {
#embed "pages/theme.js"
};
static const unsigned char common_js[] = {
#embed "pages/common.js"
};
static const unsigned char words_js[] = {
#embed "pages/words.js"
};
static const unsigned char markdown_js[] = {
#embed "pages/markdown.js"
};
static const unsigned char highlight_js[] = {
#embed "pages/highlight.js"
};
static const unsigned char stream_js[] = {
#embed "pages/stream.js"
};
static const unsigned char store_js[] = {
#embed "pages/store.js"
};
static const unsigned char chat_js[] = {
#embed "pages/chat.js"
};
static const unsigned char texts_js[] = {
#embed "pages/texts.js"
};
static const unsigned char diff_js[] = {
#embed "pages/diff.js"
};
static const unsigned char runs_js[] = {
#embed "pages/runs.js"
};

static const page_file files[] = {
    {"chat.html", chat_html, sizeof chat_html},
    {"runs.html", runs_html, sizeof runs_html},
    {"style.css", style_css, sizeof style_css},
    {"chat.css", chat_css, sizeof chat_css},
    {"runs.css", runs_css, sizeof runs_css},
    {"theme.js", theme_js, sizeof theme_js},
    {"common.js", common_js, sizeof common_js},
    {"words.js", words_js, sizeof words_js},
    {"markdown.js", markdown_js, sizeof markdown_js},
    {"highlight.js", highlight_js, sizeof highlight_js},
    {"stream.js", stream_js, sizeof stream_js},
    {"store.js", store_js, sizeof store_js},
    {"chat.js", chat_js, sizeof chat_js},
    {"texts.js", texts_js, sizeof texts_js},
    {"diff.js", diff_js, sizeof diff_js},
    {"runs.js", runs_js, sizeof runs_js},
};

size_t page_file_count(void) { return sizeof files / sizeof files[0]; }

page_file page_file_at(size_t index) { return files[index]; }
