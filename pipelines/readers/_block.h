/* Memory that C has filled, as an object with a buffer that numpy and Arrow take as it is: nothing is copied. */

#ifndef BLOCK_H
#define BLOCK_H

#include "_form.h"
#include "_growing.h"

typedef struct {
    PyObject_HEAD
    void *data;
    Py_ssize_t size;
} Block;

static PyObject *block_type = NULL;

static int get_block(PyObject *self, Py_buffer *view, int flags)
{
    Block *block = (Block *)self;
    /* Arrow looks at where even nothing lies. */
    static char nothing;
    return PyBuffer_FillInfo(view, self, block->data ? block->data : &nothing, block->size, 1, flags);
}

static void free_block(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    free(((Block *)self)->data);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot block_slots[] = {
    {Py_bf_getbuffer, get_block},
    {Py_tp_dealloc, free_block},
    {0, NULL},
};

static PyType_Spec block_spec = {
    "pipelines.readers.Block", sizeof(Block), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, block_slots,
};

/* To be called as a module begins that gives such memory. */
static int begin_with_blocks(PyObject *module)
{
    if (!block_type)
        block_type = PyType_FromSpec(&block_spec);
    return block_type ? add_form(module) : -1;
}

/* The memory as an object, which frees it; so does this where there can be none, which is an error then. */
static PyObject *as_block(void *data, size_t size)
{
    PyObject *self = PyType_GenericAlloc((PyTypeObject *)block_type, 0);
    if (!self) {
        free(data);
        return NULL;
    }
    ((Block *)self)->data = data;
    ((Block *)self)->size = (Py_ssize_t)size;
    return self;
}

/* What was found is given away, without the room for more. */
static inline PyObject *given(void *data, size_t size)
{
    void *fitting = size ? realloc(data, size) : NULL;
    if (!size)
        free(data);
    return as_block(fitting || !size ? fitting : data, size);
}

static inline PyObject *bytes_given(Bytes *bytes)
{
    uint8_t *data = bytes->bytes;
    bytes->bytes = NULL;
    return given(data, bytes->length);
}

static inline PyObject *numbers_given(Numbers *numbers)
{
    int32_t *data = numbers->values;
    numbers->values = NULL;
    return given(data, numbers->length * sizeof(int32_t));
}

static inline PyObject *places_given(Places *places)
{
    int64_t *data = places->values;
    places->values = NULL;
    return given(data, places->length * sizeof(int64_t));
}

#endif
