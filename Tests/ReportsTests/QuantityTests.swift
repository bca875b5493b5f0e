import Testing

@testable import Reports

@Suite struct QuantityTests {
    @Test func whatWasNotMeasuredSaysSo() {
        #expect(Quantity.count(nil) == "not measured" && Quantity.bytes(nil) == "not measured")
        #expect(Quantity.percent(nil) == "not measured" && Quantity.seconds(nil) == "not measured")
        #expect(Quantity.interval(nil) == "not measured" && Quantity.rate(.nan) == "not measured")
        #expect(Quantity.seconds(.infinity) == "not measured" && Quantity.interval([0.1]) == "not measured")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1234, "-1,234"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func counts(value: Int, text: String) { #expect(Quantity.count(value) == text) }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (461_373_440, "440.0 MiB"), (4_200_000_000, "3.91 GiB"),
    ])
    func bytes(value: Int, text: String) { #expect(Quantity.bytes(value) == text) }

    @Test(arguments: [
        (0.0123, "12.3 ms"), (0.00005, "0.05 ms"), (0.412, "412 ms"), (1.844, "1.84 s"), (45.04, "45.0 s"),
        (59.97, "1 min 00 s"),
        (151.2, "2 min 31 s"), (3725, "1 h 02 min"), (1e300, "277777 h 46 min"),
    ])
    func seconds(value: Double, text: String) { #expect(Quantity.seconds(value) == text) }

    @Test(arguments: [(3.14159, "3.14"), (48.21, "48.2"), (99.96, "100"), (1234.5, "1,235"), (1e300, "1e+300")])
    func rates(value: Double, text: String) { #expect(Quantity.rate(value) == text) }

    /// Numbers of a file may be larger than an `Int`.
    @Test func largeNumbersAreTold() {
        #expect(Quantity.bytes(Int.max) == "8589934592.00 GiB" && Quantity.size(1e30).hasSuffix(" GiB"))
        #expect(Quantity.size(1536.4) == "1.5 KiB" && Quantity.size(12.4) == "12 B")
        #expect(Quantity.wholeCount(1e30) == "1e+30" && Quantity.wholeCount(480.4) == "480")
        #expect(
            Quantity.wholeCount(.nan) == "not measured" && Quantity.size(-.infinity) == "not measured")
    }

    @Test func shares() {
        #expect(Quantity.percent(0.146_34) == "14.6 %")
        #expect(Quantity.interval([0, 1]) == "0.0 % to 100.0 %")
        #expect(Quantity.parameters(134_515_008) == "134.5 M" && Quantity.parameters(2_040_000_000) == "2.04 B")
    }
}
