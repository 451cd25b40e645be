/* What a module gives and takes, as a number: compiled.py has it too, so that no older module is taken for a newer. */

#ifndef FORM_H
#define FORM_H

#define FORM 1

static int add_form(PyObject *module)
{
    return PyModule_AddIntConstant(module, "FORM", FORM);
}

#endif
