#include "report/model.h"

size_t model_element_find(const struct model *model, str code)
{
    size_t i = 0;
    while (i < model->element_count && !str_is(model->elements[i].code, code)) {
        i++;
    }
    return i;
}

size_t model_indicator_find(const struct model *model, str code)
{
    size_t i = 0;
    while (i < model->indicator_count && !str_is(model->indicators[i].code, code)) {
        i++;
    }
    return i;
}

figure model_factor(const struct model *model, str measure)
{
    for (size_t i = 0; i < model->measure_count; i++) {
        if (str_is(model->measures[i].code, measure)) {
            return model->measures[i].factor;
        }
    }
    return FIGURE_ONE;
}
