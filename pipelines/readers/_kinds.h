/* Which parts of a text are alike: each has a number among those that differ, in the order in which they come first. */

#ifndef KINDS_H
#define KINDS_H

#include "_eight_bytes.h"
#include "_growing.h"

/* A part is looked for among so many others whose hashes lie beside its own: only parts made for that need more. */
#define MOST_PROBES 256
#define NO_KIND (-1)

/* Of each that differs its hash, where it stands first, and in `slots` its number, by its hash; `most` of them at most. */
typedef struct {
    int64_t *slots;
    size_t mask, most;
    Places hashes, starts, ends;
} Kinds;

static inline uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15ULL;
    return hash ^ hash >> 29;
}

static bool grow_slots(Kinds *kinds)
{
    size_t size = kinds->slots ? 2 * (kinds->mask + 1) : 1024;
    int64_t *slots = malloc(size * sizeof *slots);
    if (!slots)
        return false;
    memset(slots, 0xFF, size * sizeof *slots);
    free(kinds->slots);
    kinds->slots = slots;
    kinds->mask = size - 1;
    for (size_t number = 0; number < kinds->hashes.length; number++) {
        size_t slot = (size_t)kinds->hashes.values[number] & kinds->mask;
        while (slots[slot] != NO_KIND)
            slot = (slot + 1) & kinds->mask;
        slots[slot] = (int64_t)number;
    }
    return true;
}

/* The number of the part of a text that has this hash; it is left out where there are too many. */
static enum outcome number_of(Kinds *kinds, const uint8_t *text, int64_t start, int64_t end, uint64_t hash, int64_t *number)
{
    size_t count = kinds->hashes.length;
    if (2 * count >= kinds->mask && !grow_slots(kinds))
        return NO_MEMORY;
    size_t slot = (size_t)hash & kinds->mask;
    for (int probe = 0; probe < MOST_PROBES; probe++) {
        *number = kinds->slots[slot];
        if (*number == NO_KIND) {
            if (count == kinds->most)
                return LEFT_OUT;
            *number = kinds->slots[slot] = (int64_t)count;
            bool is_added = add_place(&kinds->hashes, (int64_t)hash) && add_place(&kinds->starts, start)
                && add_place(&kinds->ends, end);
            return is_added ? READ : NO_MEMORY;
        }
        if ((uint64_t)kinds->hashes.values[*number] == hash
            && kinds->ends.values[*number] - kinds->starts.values[*number] == end - start
            && (start == end || !memcmp(text + kinds->starts.values[*number], text + start, (size_t)(end - start))))
            return READ;
        slot = (slot + 1) & kinds->mask;
    }
    return LEFT_OUT;
}

static void free_kinds(Kinds *kinds)
{
    free(kinds->slots);
    free(kinds->hashes.values);
    free(kinds->starts.values);
    free(kinds->ends.values);
}

#endif
