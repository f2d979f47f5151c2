import Foundation
import Testing

@testable import Dashboard

/// The colours of pages, measured as people see them: with usual sight and without one kind of cone each.
@Suite struct PaletteTests {
    /// The variables of the style sheet, of the light and of the dark form.
    private let forms: [[String: String]]

    init() throws {
        let sheet = String(decoding: try #require(Dashboard.asset("gloss.css")).bytes, as: UTF8.self)
        let blocks = sheet.components(separatedBy: ":root {").dropFirst().map { $0.prefix { $0 != "}" } }
        forms = blocks.map { block in
            var found: [String: String] = [:]
            for part in block.split(separator: ";") {
                let pair = part.split(separator: ":").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
                if pair.count == 2, pair[0].hasPrefix("--") { found[String(pair[0].dropFirst(2))] = pair[1] }
            }
            return found
        }
        try #require(forms.count == 2)
    }

    private func colour(_ name: String, _ form: [String: String]) throws -> Colour {
        try #require(form[name].flatMap(Colour.init), "\(name)")
    }

    @Test func theMeasureIsTheOneOfThePublishedTestData() {
        // Sharma, Wu and Dalal (2005), the first pair of their table.
        let distance = Colour.difference((50, 2.6772, -79.7751), (50, 0, -82.7485))
        #expect(abs(distance - 2.0425) < 5e-5)
    }

    @Test func tokensCanBeReadOnEveryLevel() throws {
        for form in forms {
            let ink = try colour("token-ink", form)
            for level in 1...4 { #expect(try colour("t\(level)", form).contrast(to: ink) >= 4.5, "\(level)") }
        }
    }

    @Test func levelsAreToldApartByEveryone() throws {
        for form in forms {
            let levels = try ["ground", "t1", "t2", "t3", "t4"].map { try colour($0, form) }
            for sight in Colour.Sight.allCases {
                for (one, other) in zip(levels, levels.dropFirst()) {
                    #expect(Colour.difference(one.seen(by: sight).lab, other.seen(by: sight).lab) >= 6, "\(sight)")
                }
            }
        }
    }

    @Test func wordsAndSignsStandOutFromWhatIsBehindThem() throws {
        for form in forms {
            for ground in try [colour("ground", form), colour("pane", form)] {
                for name in ["ink", "faint", "link", "good", "bad"] {
                    #expect(try colour(name, form).contrast(to: ground) >= 4.5, "\(name)")
                }
                for name in ["bar", "bar-other"] {
                    #expect(try colour(name, form).contrast(to: ground) >= 3, "\(name)")
                }
            }
        }
    }

    @Test func aTokensLevelIsToldByTheLineBelowItToo() throws {
        let sheet = String(decoding: try #require(Dashboard.asset("gloss.css")).bytes, as: UTF8.self)
        for level in 2...4 {
            #expect(sheet.contains(".t\(level) { background: var(--t\(level)); border-bottom-width: \(level - 1)px; }"))
        }
    }
}

/// A colour, red, green and blue from 0 to 1.
struct Colour {
    /// Kinds of sight: usual, and without the cones for long, middle or short waves.
    enum Sight: CaseIterable { case usual, deuteranopic, protanopic, tritanopic }

    let channels: [Double]

    init?(_ text: String) {
        guard text.count == 7, text.hasPrefix("#"), let value = Int(text.dropFirst(), radix: 16) else { return nil }
        channels = [16, 8, 0].map { Double(value >> $0 & 255) / 255 }
    }

    private init(channels: [Double]) { self.channels = channels }

    private var linear: [Double] { channels.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) } }

    /// The contrast of WCAG 2.
    func contrast(to other: Colour) -> Double {
        func luminance(_ colour: Colour) -> Double {
            zip([0.2126, 0.7152, 0.0722], colour.linear).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let (one, two) = (luminance(self), luminance(other))
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }

    /// As someone sees it.
    ///
    /// Source: Machado, Oliveira and Fernandes (2009), severity 1.
    func seen(by sight: Sight) -> Colour {
        let rows: [[Double]]
        switch sight {
        case .usual: return self
        case .deuteranopic:
            rows = [
                [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
            ]
        case .protanopic:
            rows = [
                [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
            ]
        case .tritanopic:
            rows = [
                [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
            ]
        }
        let linear = linear
        return Colour(
            channels: rows.map { row in
                let value = min(1, max(0, zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 }))
                return value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
            })
    }

    /// The colour in CIELAB.
    var lab: (Double, Double, Double) {
        let rgb = linear
        func f(_ row: [Double], _ white: Double) -> Double {
            let t = zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 } / white
            return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116
        }
        let x = f([0.4124564, 0.3575761, 0.1804375], 0.95047)
        let y = f([0.2126729, 0.7151522, 0.0721750], 1)
        let z = f([0.0193339, 0.1191920, 0.9503041], 1.08883)
        return (116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// The difference of two colours by CIEDE2000.
    static func difference(_ one: (Double, Double, Double), _ two: (Double, Double, Double)) -> Double {
        func degrees(_ a: Double, _ b: Double) -> Double {
            guard a != 0 || b != 0 else { return 0 }
            let angle = atan2(b, a) * 180 / .pi
            return angle < 0 ? angle + 360 : angle
        }
        func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
        let mean = (hypot(one.1, one.2) + hypot(two.1, two.2)) / 2
        let g = 0.5 * (1 - sqrt(pow(mean, 7) / (pow(mean, 7) + pow(25, 7))))
        let (a1, a2) = ((1 + g) * one.1, (1 + g) * two.1)
        let (c1, c2) = (hypot(a1, one.2), hypot(a2, two.2))
        let (h1, h2) = (degrees(a1, one.2), degrees(a2, two.2))
        var turn = c1 * c2 == 0 ? 0 : h2 - h1
        if turn > 180 { turn -= 360 }
        if turn < -180 { turn += 360 }
        let (dl, dc) = (two.0 - one.0, c2 - c1)
        let dh = 2 * sqrt(c1 * c2) * sin(turn / 2 * .pi / 180)
        let (l, c) = ((one.0 + two.0) / 2, (c1 + c2) / 2)
        let h =
            c1 * c2 == 0
            ? h1 + h2 : abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2
        let t =
            1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) - 0.20 * cosine(4 * h - 63)
        let rotation =
            -sin(2 * 30 * exp(-pow((h - 275) / 25, 2)) * .pi / 180) * 2 * sqrt(pow(c, 7) / (pow(c, 7) + pow(25, 7)))
        let sl = 1 + 0.015 * pow(l - 50, 2) / sqrt(20 + pow(l - 50, 2))
        let (sc, sh) = (1 + 0.045 * c, 1 + 0.015 * c * t)
        return sqrt(
            pow(dl / sl, 2) + pow(dc / sc, 2) + pow(dh / sh, 2) + rotation * (dc / sc) * (dh / sh))
    }
}
