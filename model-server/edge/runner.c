/* Forecasts of an edge model on a gateway: one file of C99 that needs nothing but a C library. docs/edge.md says how to use it.
 *
 *   cc -O2 -std=c99 -o edge-forecast runner.c
 *   edge-forecast model.tflite < readings.csv > forecasts.csv
 *
 * A line of readings:  STATION,ISSUE_HOUR,KW,...   336 readings, oldest first, the last one of the issue hour; empty or nan: missing
 * A line of forecasts: STATION,ISSUE_HOUR,KW,...   24 hours from the one after the issue hour on; empty: nothing is known of the station
 * ISSUE_HOUR counts hours since 1970-01-01T00:00Z. Every step is that of the model server (features.ts, dense.ts, edge/network.ts), in the
 * same order and precision, so the numbers are the same to the bit. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if FLT_EVAL_METHOD != 0
#error "this compiler rounds sums another way: on 32-bit x86 compile with -msse2 -mfpmath=sse"
#endif

enum { HISTORY = 336, LEADS = 24, DAY = 24, WEEK = 168, RECENT = 48, FEATURES = 127, WIDE = 128, NARROW = 64 };
enum { LAYERS = 3, STEPS = 6, MAX_MODEL = 64 * 1024, MAX_LINE = 16 * 1024, MAX_STATION = 256 };

/* The model's file. A place outside of it, which a damaged file may name, makes it `broken` and reads as 0. */
typedef struct {
  uint8_t bytes[MAX_MODEL];
  size_t size;
  int broken;
} File;

typedef struct {
  int inputs, outputs, relu;
  double input_scale, output_scale;
  const int8_t *weights; /* outputs x inputs */
  double scales[WIDE]; /* from a sum to an output */
  double bias[WIDE];
} Layer;

static const int widths[LAYERS][2] = {{FEATURES, WIDE}, {WIDE, NARROW}, {FEATURES + NARROW, LEADS}};

/* ---- The file: numbers of tables' fields are those of TensorFlow Lite's schema.fbs ---- */

static uint64_t little(File *file, size_t at, int bytes) {
  uint64_t value = 0;
  if (at > file->size || file->size - at < (size_t)bytes) {
    file->broken = 1;
    return 0;
  }
  for (size_t i = (size_t)bytes; i > 0; i--) value = value << 8 | file->bytes[at + i - 1];
  return value;
}

static double real(File *file, size_t at) {
  uint32_t bits = (uint32_t)little(file, at, 4);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Where a table's field lies; 0: it has none. */
static size_t field(File *file, size_t table, int number) {
  size_t vtable = table - (size_t)(int64_t)(int32_t)little(file, table, 4);
  size_t slot = 4 + 2 * (size_t)number;
  if (table == 0 || slot >= little(file, vtable, 2)) return 0;
  size_t offset = little(file, vtable + slot, 2);
  return offset == 0 ? 0 : table + offset;
}

/* What a field points at: a table, or a vector's length, after which its elements lie. */
static size_t pointed(File *file, size_t at) { return at == 0 ? 0 : at + (size_t)little(file, at, 4); }

static uint32_t length(File *file, size_t vector) { return vector == 0 ? 0 : (uint32_t)little(file, vector, 4); }

/* Table `i` of a vector of tables. */
static size_t element(File *file, size_t vector, uint32_t i) {
  if (i >= length(file, vector)) {
    file->broken = 1;
    return 0;
  }
  return pointed(file, vector + 4 + 4 * (size_t)i);
}

typedef struct {
  size_t tensors, buffers, operators, codes;
} Graph;

static size_t tensor_of(File *file, Graph graph, size_t step, int list, uint32_t place) {
  size_t indices = pointed(file, field(file, step, list));
  if (place >= length(file, indices)) file->broken = 1;
  return element(file, graph.tensors, (uint32_t)little(file, indices + 4 + 4 * (size_t)place, 4));
}

/* A tensor's scales, of which there are `expected`; where the first one lies. */
static size_t scales_of(File *file, size_t tensor, uint32_t expected) {
  size_t scales = pointed(file, field(file, pointed(file, field(file, tensor, 4)), 2));
  if (length(file, scales) != expected) file->broken = 1;
  return scales + 4;
}

/* A constant tensor's `expected` bytes; where they lie. */
static size_t data_of(File *file, Graph graph, size_t tensor, uint32_t expected) {
  size_t named = field(file, tensor, 2);
  size_t buffer = element(file, graph.buffers, named == 0 ? 0 : (uint32_t)little(file, named, 4));
  size_t data = pointed(file, field(file, buffer, 0));
  if (length(file, data) != expected || data + 4 + expected > file->size) file->broken = 1;
  return data + 4;
}

static void read_layer(File *file, Graph graph, size_t step, int number, Layer *layer) {
  layer->inputs = widths[number][0];
  layer->outputs = widths[number][1];
  size_t activation = field(file, pointed(file, field(file, step, 4)), 0);
  layer->relu = activation != 0 && little(file, activation, 1) == 1;
  size_t weights = tensor_of(file, graph, step, 1, 1);
  layer->input_scale = real(file, scales_of(file, tensor_of(file, graph, step, 1, 0), 1));
  layer->output_scale = real(file, scales_of(file, tensor_of(file, graph, step, 2, 0), 1));
  size_t scales = scales_of(file, weights, (uint32_t)layer->outputs);
  size_t bias = data_of(file, graph, tensor_of(file, graph, step, 1, 2), 8 * (uint32_t)layer->outputs);
  size_t data = data_of(file, graph, weights, (uint32_t)(layer->inputs * layer->outputs));
  if (file->broken) return;
  layer->weights = (const int8_t *)file->bytes + data;
  for (int j = 0; j < layer->outputs; j++) {
    layer->scales[j] = layer->input_scale * real(file, scales + 4 * (size_t)j) / layer->output_scale;
    layer->bias[j] = (double)(int64_t)little(file, bias + 8 * (size_t)j, 8);
    if (!(layer->scales[j] > 0 && layer->scales[j] < HUGE_VAL)) file->broken = 1;
  }
}

/* The one form of model that npm run edge writes: QUANTIZE, FULLY_CONNECTED twice, CONCATENATION, FULLY_CONNECTED, DEQUANTIZE. */
static int read_model(File *file, Layer layers[LAYERS]) {
  static const uint32_t expected[STEPS] = {114, 9, 9, 2, 9, 6};
  if (file->size < 8 || memcmp(file->bytes + 4, "TFL3", 4) != 0) return 0;
  size_t model = (size_t)little(file, 0, 4);
  size_t main_graph = element(file, pointed(file, field(file, model, 2)), 0);
  Graph graph = {.tensors = pointed(file, field(file, main_graph, 0)),
                 .operators = pointed(file, field(file, main_graph, 3)),
                 .codes = pointed(file, field(file, model, 1)),
                 .buffers = pointed(file, field(file, model, 4))};
  if (length(file, graph.operators) != STEPS) return 0;
  int number = 0;
  for (uint32_t i = 0; i < STEPS && !file->broken; i++) {
    size_t step = element(file, graph.operators, i);
    size_t index = field(file, step, 0);
    size_t code = element(file, graph.codes, index == 0 ? 0 : (uint32_t)little(file, index, 4));
    size_t builtin = field(file, code, 3);
    if (builtin == 0 || little(file, builtin, 4) != expected[i]) return 0;
    if (expected[i] == 9) read_layer(file, graph, step, number, &layers[number]), number++;
  }
  return !file->broken;
}

/* ---- The forecast ---- */

/* Missing readings: the same hour a day before, else a day after, else the mean of what is known. 0: nothing is known. */
static int impute(double kw[HISTORY]) {
  int known = 0;
  double sum = 0;
  for (int i = 0; i < HISTORY; i++)
    if (!isnan(kw[i])) known++, sum += kw[i];
  if (known == 0) return 0;
  for (int i = DAY; i < HISTORY; i++)
    if (isnan(kw[i])) kw[i] = kw[i - DAY];
  for (int i = HISTORY - 1 - DAY; i >= 0; i--)
    if (isnan(kw[i])) kw[i] = kw[i + DAY];
  for (int i = 0; i < HISTORY; i++)
    if (isnan(kw[i])) kw[i] = sum / known;
  return 1;
}

/* Halves away from zero; what does not fit is at the end. */
static int16_t nearest(double value, double least) {
  if (value <= least) return (int16_t)least;
  if (value >= INT16_MAX) return INT16_MAX;
  int32_t whole = (int32_t)value;
  double rest = value - whole;
  return (int16_t)(whole + (rest >= 0.5) - (rest <= -0.5));
}

static void run(const Layer *layer, const int16_t *input, int16_t *output) {
  for (int j = 0; j < layer->outputs; j++) {
    const int8_t *weights = layer->weights + j * layer->inputs;
    int32_t sum = 0;
    for (int i = 0; i < layer->inputs; i++) sum += (int32_t)input[i] * weights[i];
    output[j] = nearest((sum + layer->bias[j]) * layer->scales[j], layer->relu ? 0 : INT16_MIN);
  }
}

/* Fills `input` and returns the scale by which the features were divided: the window's mean size. */
static double features(const double kw[HISTORY], long issue_h, double input_scale, int16_t input[FEATURES]) {
  double size = 0;
  for (int i = 0; i < HISTORY; i++) size += fabs(kw[i]);
  double scale = size / HISTORY;
  /* A station that stood at zero for two weeks has no scale of its own. */
  if (scale == 0) scale = 1;
  static const int parts[3][2] = {{HISTORY - RECENT, RECENT}, {HISTORY - WEEK, LEADS}, {HISTORY - 2 * WEEK, LEADS}};
  int at = 0;
  for (int part = 0; part < 3; part++)
    for (int i = 0; i < parts[part][1]; i++) {
      float feature = (float)(kw[parts[part][0] + i] / scale - 1);
      input[at++] = nearest(feature / input_scale, INT16_MIN);
    }
  int16_t one = nearest(1 / input_scale, INT16_MIN);
  for (int i = 0; i < DAY; i++) input[at++] = i == issue_h % DAY ? one : 0;
  for (int i = 0; i < 7; i++) input[at++] = i == issue_h / DAY % 7 ? one : 0;
  return scale;
}

/* `kw` is imputed in place. 0: nothing is known of the station. */
static int forecast(const Layer layers[LAYERS], double kw[HISTORY], long issue_h, double forecast_kw[LEADS]) {
  int16_t seen[FEATURES + NARROW], hidden[WIDE], output[LEADS];
  if (!impute(kw)) return 0;
  double scale = features(kw, issue_h, layers[0].input_scale, seen);
  run(&layers[0], seen, hidden);
  run(&layers[1], hidden, seen + FEATURES);
  run(&layers[2], seen, output);
  /* A station that never fed back will not start to: no negative load is forecast for it. */
  double least = 0;
  for (int i = 0; i < HISTORY; i++)
    if (kw[i] < 0) least = -HUGE_VAL;
  for (int lead = 0; lead < LEADS; lead++) {
    float residual = (float)output[lead] * (float)layers[2].output_scale;
    /* Volatile, so that no compiler fuses product and sum into one rounding. */
    volatile double change = scale * residual;
    double value = kw[HISTORY - DAY + lead] + change;
    forecast_kw[lead] = value > least ? value : least;
  }
  return 1;
}

/* ---- Lines in, lines out ---- */

/* One reading, up to a comma or the line's end, and where it ends; NULL: it is no number. */
static char *reading(char *text, double *kw) {
  size_t size = strcspn(text, ",");
  char *end = text;
  *kw = size == 0 ? NAN : strtod(text, &end);
  return end != text + size || isinf(*kw) ? NULL : end;
}

/* What is wrong with a line, or NULL. */
static const char *answer(const Layer layers[LAYERS], char *line) {
  static double kw[HISTORY];
  double forecast_kw[LEADS];
  size_t station = strcspn(line, ",");
  if (station == 0 || station > MAX_STATION || line[station] != ',') return "it does not begin with a station and a comma";
  char *at = line + station + 1;
  size_t digits = strspn(at, "0123456789");
  if (digits == 0 || digits > 8 || at[digits] != ',') return "its issue hour is no whole number of hours";
  long issue_h = strtol(at, NULL, 10);
  at += digits;
  for (int i = 0; i < HISTORY; i++) {
    if (*at != ',') return "it has fewer than 336 readings";
    at = reading(at + 1, &kw[i]);
    if (at == NULL) return "a reading is no number";
  }
  if (*at != '\0') return "it has more than 336 readings";
  int known = forecast(layers, kw, issue_h, forecast_kw);
  printf("%.*s,%ld", (int)station, line, issue_h);
  for (int lead = 0; lead < LEADS; lead++) {
    printf(",");
    if (known) printf("%.17g", forecast_kw[lead]);
  }
  printf("\n");
  return NULL;
}

typedef enum { END, WHOLE, UNFIT } Read;

/* The next line without its end; UNFIT: it is longer than MAX_LINE, or has a NUL. */
static Read read_line(char line[MAX_LINE]) {
  size_t size = 0;
  Read read = WHOLE;
  int c;
  while ((c = getchar()) != EOF && c != '\n') {
    if (c == '\0' || size == MAX_LINE - 1)
      read = UNFIT;
    else
      line[size++] = (char)c;
  }
  if (size > 0 && line[size - 1] == '\r') size--;
  line[size] = '\0';
  return c == EOF && size == 0 ? END : read;
}

int main(int argc, char **argv) {
  static File file;
  static Layer layers[LAYERS];
  static char line[MAX_LINE];
  if (argc != 2) {
    fprintf(stderr, "usage: %s MODEL.tflite < readings.csv > forecasts.csv\n", argv[0]);
    return 2;
  }
  FILE *from = fopen(argv[1], "rb");
  if (from == NULL) {
    perror(argv[1]);
    return 2;
  }
  file.size = fread(file.bytes, 1, MAX_MODEL, from);
  int larger = fgetc(from) != EOF;
  fclose(from);
  if (larger || !read_model(&file, layers)) {
    fprintf(stderr, "%s: it is no edge model of gridramp's, or a damaged one; fetch it again\n", argv[1]);
    return 2;
  }
  int faults = 0;
  Read read;
  for (long count = 1; (read = read_line(line)) != END; count++) {
    const char *fault = read == WHOLE ? answer(layers, line) : "it is too long, or has a NUL";
    if (fault == NULL) continue;
    fprintf(stderr, "line %ld: %s\n", count, fault);
    faults = 1;
  }
  if (fflush(stdout) != 0) {
    perror("standard output");
    return 1;
  }
  return faults ? 2 : 0;
}
