// Tells the newlines that separate from those that are space.
//
// The parser asks for one only where it may stand: behind an item of `{ }` or `[ ]`. There it separates, unless the next
// line goes on with what is open: it begins with `:`, `@`, `|`, `and`, `or`, `then` or `else`.

#include "tree_sitter/parser.h"

#include <string.h>

enum TokenType { NEWLINE };

void *tree_sitter_idp_external_scanner_create(void) { return NULL; }
void tree_sitter_idp_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_idp_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_idp_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static bool is_word(int32_t c) {
  return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_space(int32_t c) { return c == ' ' || c == '\t' || c == '\r'; }

// Whether the word at hand goes on with the line above.
static bool continues(TSLexer *lexer) {
  static const char *const words[] = {"and", "or", "then", "else"};
  char word[6];
  unsigned length = 0;
  while (is_word(lexer->lookahead)) {
    if (length + 1 == sizeof word) return false;
    word[length++] = (char)lexer->lookahead;
    lexer->advance(lexer, false);
  }
  word[length] = '\0';
  for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
    if (strcmp(word, words[i]) == 0) return true;
  }
  return false;
}

bool tree_sitter_idp_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  if (!valid_symbols[NEWLINE]) return false;
  while (is_space(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead != '\n') return false;
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  // Blank lines and comments are looked over.
  for (;;) {
    while (is_space(lexer->lookahead) || lexer->lookahead == '\n') lexer->advance(lexer, false);
    if (lexer->lookahead != '/') break;
    lexer->advance(lexer, false);
    if (lexer->lookahead != '/') break;
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) lexer->advance(lexer, false);
  }
  int32_t next = lexer->lookahead;
  if (next == ':' || next == '@' || next == '|' || continues(lexer)) return false;
  lexer->result_symbol = NEWLINE;
  return true;
}
