/* What reading in C needs, whatever is read: arrays that grow, and bytes that are looked at eight at once. */

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

/* ---- arrays that grow ---- */

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

/* ---- eight bytes at once ---- */

#define EACH(byte) (0x0101010101010101ULL * (uint8_t)(byte))
#define HIGH_BITS EACH(0x80)

static inline uint64_t eight_bytes(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Not zero where one of the bytes is zero. */
static inline uint64_t has_zero(uint64_t word)
{
    return (word - EACH(1)) & ~word & HIGH_BITS;
}

#endif
