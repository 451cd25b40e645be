/* What reading in C needs, whatever is read: arrays that grow, and what may come of reading. */

#ifndef GROWING_H
#define GROWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST_CAPACITY 64

enum outcome { READ, LEFT_OUT, NO_MEMORY };

typedef struct {
    uint8_t *bytes;
    size_t length, capacity;
} Bytes;

typedef struct {
    int32_t *values;
    size_t length, capacity;
} Numbers;

typedef struct {
    int64_t *values;
    size_t length, capacity;
} Places;

static inline bool reserve(void **data, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *capacity)
        return true;
    size_t larger = *capacity ? 2 * *capacity : SMALLEST_CAPACITY;
    if (larger < wanted)
        larger = wanted;
    void *moved = realloc(*data, larger * size);
    if (!moved)
        return false;
    *data = moved;
    *capacity = larger;
    return true;
}

static inline bool add_number(Numbers *numbers, int32_t value)
{
    if (numbers->length == numbers->capacity
        && !reserve((void **)&numbers->values, &numbers->capacity, numbers->length + 1, sizeof(int32_t)))
        return false;
    numbers->values[numbers->length++] = value;
    return true;
}

static inline bool add_bytes(Bytes *bytes, const uint8_t *from, size_t length)
{
    if (!length)
        return true;
    if (bytes->capacity - bytes->length < length
        && !reserve((void **)&bytes->bytes, &bytes->capacity, bytes->length + length, 1))
        return false;
    memcpy(bytes->bytes + bytes->length, from, length);
    bytes->length += length;
    return true;
}

static inline bool add_place(Places *places, int64_t value)
{
    if (places->length == places->capacity
        && !reserve((void **)&places->values, &places->capacity, places->length + 1, sizeof(int64_t)))
        return false;
    places->values[places->length++] = value;
    return true;
}

#endif
