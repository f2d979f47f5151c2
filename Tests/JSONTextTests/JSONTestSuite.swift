/// The cases of `test_parsing` in github.com/nst/JSONTestSuite, from Nicolas Seriot, "Parsing JSON is a Minefield".
enum JSONTestSuite {
    /// What RFC 8259 leaves open (`i_`): a text, whether it is read, and whether it is passed over.
    static let open: [(text: String, isRead: Bool, isPassedOver: Bool)] = [
        // A number outside of what a double holds has no value, but its text is a number's.
        (#"[123.456e-789]"#, true, true), (#"[123e-10000000]"#, true, true), (#"[-1e+9999]"#, false, true),
        ("[0.4e" + String(repeating: "0", count: 40) + String(repeating: "6", count: 90) + "]", false, true),
        (#"[1.5e+9999]"#, false, true), (#"[-123123e100000]"#, false, true), (#"[123123e100000]"#, false, true),
        (#"[-123123123123123123123123123123]"#, true, true), (#"[100000000000000000000]"#, true, true),
        (#"[-237462374673276894279832749832423479823246327846]"#, true, true),
        // A surrogate that is not one of a pair has no place in UTF-8.
        (#"{"\uDFAA":0}"#, false, false), (#"["\uDADA"]"#, false, false), (#"["\uD888\u1234"]"#, false, false),
        (#"["\uD800\n"]"#, false, false), (#"["\uDd1ea"]"#, false, false), (#"["\uD800\uD800\n"]"#, false, false),
        (#"["\ud800"]"#, false, false), (#"["\ud800abc"]"#, false, false), (#"["\uDd1e\uD834"]"#, false, false),
        (#"["\uDFAA"]"#, false, false),
        // A tree is bounded more narrowly than what is passed over.
        (String(repeating: "[", count: 500) + String(repeating: "]", count: 500), false, true),
        ("\u{feff}{}", false, false),
    ]

    /// What RFC 8259 leaves open, in bytes that are not UTF-8; all of it is refused.
    static let openBytes: [[UInt8]] = [
        [0xff, 0xfe, 0x5b, 0x00, 0x22, 0x00, 0xe9, 0x00, 0x22, 0x00, 0x5d, 0x00],
        [0x5b, 0x22, 0xe6, 0x97, 0xa5, 0xd1, 0x88, 0xfa, 0x22, 0x5d], [0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d],
        [0x5b, 0x22, 0xff, 0x22, 0x5d], [0x5b, 0x22, 0xe9, 0x22, 0x5d], [0x5b, 0x22, 0x81, 0x22, 0x5d],
        [0x5b, 0x22, 0xf4, 0xbf, 0xbf, 0xbf, 0x22, 0x5d], [0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d],
        [0x5b, 0x22, 0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf, 0x22, 0x5d],
        [0x5b, 0x22, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x80, 0x22, 0x5d], [0x5b, 0x22, 0xe0, 0xff, 0x22, 0x5d],
        [0x00, 0x5b, 0x00, 0x22, 0x00, 0xe9, 0x00, 0x22, 0x00, 0x5d],
        [0x5b, 0x00, 0x22, 0x00, 0xe9, 0x00, 0x22, 0x00, 0x5d, 0x00],
    ]
}
