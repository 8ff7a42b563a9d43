/* The demo province's files, compiled in as they are. */
    .section .rodata

    .macro file name, path
    .global \name
    .global \name\()_end
\name:
    .incbin "\path"
\name\()_end:
    .byte 0
    .endm

    file unit_demo_units, people/demo/units-2010.csv
    file unit_demo_villages, people/demo/villages-2010.csv
    file unit_demo_reform_2020, people/demo/reform-2020.json
    file unit_demo_reform_2025, people/demo/reform-2025.json

    .section .note.GNU-stack, "", %progbits
