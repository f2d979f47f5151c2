import Foundation
import Testing

extension BrowserSession {
    /// Looks at a page in the light and the dark, on a large screen and on a small one: names, contrast, and that it fits.
    ///
    /// - Parameters:
    ///   - name: The beginning of the names of its pictures, which are left in the folder of `GLOSS_PICTURES`, if that is set.
    ///   - script: What is done on the page first.
    func examine(_ address: String, as name: String, after script: String? = nil) throws {
        let pictures = ProcessInfo.processInfo.environment["GLOSS_PICTURES"]
        for (width, isDark) in [(1280, false), (1280, true), (390, false), (390, true)] {
            try look(width: width, isDark: isDark)
            try go(address)
            if let script { _ = try value(script) }
            #expect(try value(PageExamination.names) as? [String] == [], "\(address)")
            #expect(try value(PageExamination.contrast) as? [String] == [], "\(address), dark: \(isDark)")
            // Not by `innerWidth`, which grows with the page on a small screen.
            let extent = try value("document.documentElement.scrollWidth") as? Int ?? .max
            #expect(extent <= width, "\(address) is \(extent) wide on a screen of \(width)")
            if let pictures {
                let file = "\(pictures)/\(name)-\(width)-\(isDark ? "dark" : "light").png"
                try picture().write(to: URL(filePath: file))
            }
        }
    }
}
