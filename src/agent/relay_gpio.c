/* A line of a GPIO chip through libgpiod, whose two generations have nothing but the name in
 * common: Debian 12 has the first, Debian 13 the second. */
#include <errno.h>

#include <gpiod.h>

#include "agent/relay.h"

static const char owner[] = "loa-agent";

struct relay_gpio {
    struct gpiod_chip *chip;
#if LOA_GPIOD_MAJOR >= 2
    struct gpiod_line_request *request;
    unsigned line;
#else
    struct gpiod_line *line;
#endif
};

#if LOA_GPIOD_MAJOR >= 2

static struct gpiod_line_request *request_line(struct gpiod_chip *chip, unsigned line,
                                               bool active_low)
{
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *request = NULL;
    if (settings != NULL && lines != NULL && config != NULL) {
        ignore_int(gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT));
        ignore_int(gpiod_line_settings_set_output_value(settings, GPIOD_LINE_VALUE_INACTIVE));
        gpiod_line_settings_set_active_low(settings, active_low);
        gpiod_request_config_set_consumer(config, owner);
        if (gpiod_line_config_add_line_settings(lines, &line, 1, settings) == 0) {
            request = gpiod_chip_request_lines(chip, config, lines);
        }
    }
    gpiod_request_config_free(config);
    gpiod_line_config_free(lines);
    gpiod_line_settings_free(settings);
    return request;
}

static struct gpiod_chip *open_chip(const char *name)
{
    char path[128];
    int size = snprintf(path, sizeof path, "%s%s", name[0] == '/' ? "" : "/dev/", name);
    return size > 0 && (size_t)size < sizeof path ? gpiod_chip_open(path) : NULL;
}

static bool take_line(struct relay_gpio *gpio, unsigned line, bool active_low)
{
    gpio->line = line;
    gpio->request = request_line(gpio->chip, line, active_low);
    return gpio->request != NULL;
}

static int set_line(struct relay_gpio *gpio, bool on)
{
    return gpiod_line_request_set_value(gpio->request, gpio->line,
                                        on ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
}

static void give_line(struct relay_gpio *gpio)
{
    if (gpio->request != NULL) {
        gpiod_line_request_release(gpio->request);
    }
}

#else

static struct gpiod_chip *open_chip(const char *name)
{
    return gpiod_chip_open_lookup(name);
}

static bool take_line(struct relay_gpio *gpio, unsigned line, bool active_low)
{
    int flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0;
    gpio->line = gpiod_chip_get_line(gpio->chip, line);
    return gpio->line != NULL && gpiod_line_request_output_flags(gpio->line, owner, flags, 0) == 0;
}

static int set_line(struct relay_gpio *gpio, bool on)
{
    return gpiod_line_set_value(gpio->line, on ? 1 : 0);
}

static void give_line(struct relay_gpio *gpio)
{
    if (gpio->line != NULL) {
        gpiod_line_release(gpio->line);
    }
}

#endif

static errc set_gpio(void *ctx, bool on, struct why *why)
{
    errno = 0;
    return set_line(ctx, on) == 0 ? OK : fail_errno(why, errno, "the relay's line");
}

static void close_gpio(void *ctx)
{
    struct relay_gpio *gpio = ctx;
    give_line(gpio);
    gpiod_chip_close(gpio->chip);
    mem_give(gpio);
}

errc relay_gpio_open(const char *chip, unsigned line, bool active_low, struct relay_port *ret_port,
                     struct why *why)
{
    errno = 0;
    struct gpiod_chip *opened = open_chip(chip);
    if (opened == NULL) {
        return fail_errno(why, errno, "the relay's chip %s", chip);
    }
    struct relay_gpio *gpio = mem_take(sizeof *gpio);
    gpio->chip = opened;
    if (!take_line(gpio, line, active_low)) {
        errc rc = fail_errno(why, errno, "the relay's line %u of %s", line, chip);
        close_gpio(gpio);
        return rc;
    }
    *ret_port = (struct relay_port){set_gpio, close_gpio, gpio};
    return OK;
}
