/* What says the same is found, what does not is not. */
#include "studio/likeness.h"

#include "base/testing.h"

static const char storm[] =
    "Theo bản tin của Đài khí tượng thủy văn, bão số 4 sẽ đổ bộ vào đất liền trong đêm nay, "
    "gây mưa to đến rất to. Bà con cần chằng chống nhà cửa, không ra sông suối, ao hồ, và làm theo "
    "hướng dẫn của chính quyền địa phương.";
static const char storm_again[] =
    "theo ban tin cua dai khi tuong thuy van, BÃO SỐ 4 sẽ đổ bộ vào đất liền trong đêm nay gây mưa "
    "to đến rất to! Bà con cần chằng chống nhà cửa; không ra sông suối, ao hồ, và làm theo hướng "
    "dẫn của chính quyền địa phương. Xin cảm ơn.";
static const char vaccine[] =
    "Trạm y tế xã tổ chức tiêm phòng cho trẻ dưới 5 tuổi vào sáng thứ bảy. Phụ huynh mang theo sổ "
    "tiêm chủng và đến đúng giờ đã hẹn.";

static int compare(const char *title, const char *text, const char *other_title,
                   const char *other_text)
{
    AUTO(arena_close) struct arena *arena = NULL;
    struct likeness a;
    struct likeness b;
    assert_ok(arena_create(1024 * 1024, &arena));
    assert_ok(likeness_of(str_of(title), str_of(text), arena, &a));
    assert_ok(likeness_of(str_of(other_title), str_of(other_text), arena, &b));
    return likeness_percent(&a, &b);
}

static void finds_what_was_only_typed_differently(void **state)
{
    (void)state;
    assert_true(compare("Bão số 4", storm, "Tin bão", storm_again) > 60);
    assert_int_equal(compare("Bão số 4", storm, "Bão số 4", storm), 100);
}

static void leaves_alone_what_says_something_else(void **state)
{
    (void)state;
    assert_true(compare("Bão số 4", storm, "Tiêm phòng", vaccine) < 20);
    assert_true(compare("Thông báo cắt điện", storm, "Thông báo cắt điện", vaccine) < 60);
}

static void compares_titles_while_nothing_else_is_written(void **state)
{
    (void)state;
    assert_int_equal(compare("Lịch tiêm phòng", "", "lich tiem phong", vaccine), 100);
    assert_int_equal(compare("", "", "", ""), 0);
}

static void comes_back_as_it_was_written(void **state)
{
    (void)state;
    AUTO(arena_close) struct arena *arena = NULL;
    struct likeness likeness;
    struct likeness read;
    unsigned char bytes[LIKENESS_SIZE];
    assert_ok(arena_create(1024 * 1024, &arena));
    assert_ok(likeness_of(S("Bão số 4"), str_of(storm), arena, &likeness));
    likeness_write(&likeness, bytes);
    assert_true(likeness_read((str){(const char *)bytes, sizeof bytes}, &read));
    assert_memory_equal(&read, &likeness, sizeof read);
    assert_false(likeness_read(S("short"), &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_only_typed_differently),
        cmocka_unit_test(leaves_alone_what_says_something_else),
        cmocka_unit_test(compares_titles_while_nothing_else_is_written),
        cmocka_unit_test(comes_back_as_it_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
