/* What CPython asks of a module, and the form of what ours give and take. */

#ifndef FORM_H
#define FORM_H

/* As a number: compiled.py has it too, so that no older module is taken for a newer. */
#define FORM 4

static int add_form(PyObject *module)
{
    return PyModule_AddIntConstant(module, "FORM", FORM);
}

/* The module of the table `methods`, for which BEGIN is called as it begins: that adds the form, at least. */
#define MODULE(NAME, DOCUMENTATION, BEGIN)                                                \
    static PyModuleDef_Slot slots[] = {{Py_mod_exec, BEGIN}, {0, NULL}};                  \
    static struct PyModuleDef definition = {                                              \
        PyModuleDef_HEAD_INIT, #NAME, DOCUMENTATION, 0, methods, slots, NULL, NULL, NULL, \
    };                                                                                    \
    PyMODINIT_FUNC PyInit_##NAME(void)                                                    \
    {                                                                                     \
        return PyModuleDef_Init(&definition);                                             \
    }

#endif
