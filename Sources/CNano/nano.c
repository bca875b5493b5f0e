#include "nano.h"

// Embedded, so that the binary finds its model wherever it is put, and keeps no path of the machine that built it.
static const unsigned char config[] = {
#embed "../../Models/yuan2-nano/config.json"
};
static const unsigned char generation_config[] = {
#embed "../../Models/yuan2-nano/generation_config.json"
};
static const unsigned char tokenizer_config[] = {
#embed "../../Models/yuan2-nano/tokenizer_config.json"
};
static const unsigned char tokenizer[] = {
#embed "../../Models/yuan2-nano/tokenizer.model"
};
static const unsigned char weights[] = {
#embed "../../Models/yuan2-nano/model.safetensors"
};

static const nano_file files[] = {
    {"config.json", config, sizeof config},
    {"generation_config.json", generation_config, sizeof generation_config},
    {"tokenizer_config.json", tokenizer_config, sizeof tokenizer_config},
    {"tokenizer.model", tokenizer, sizeof tokenizer},
    {"model.safetensors", weights, sizeof weights},
};

size_t nano_file_count(void) { return sizeof files / sizeof files[0]; }

nano_file nano_file_at(size_t index) { return files[index]; }
