// v86.mjs: boot an image on v86, an emulator in JavaScript (npm package v86),
// print its serial output, and end when Teak has switched off.
//
// usage: node v86.mjs V86DIR BIOS VGABIOS IMAGE
const [lib, bios, vga, disk] = process.argv.slice(2);
const { V86 } = await import(lib + "/build/libv86.mjs");
let text = "";

new V86({
    wasm_path: lib + "/build/v86.wasm",
    bios: { url: bios }, vga_bios: { url: vga },
    hda: { url: disk }, memory_size: 64 << 20, acpi: true, autostart: true,
}).add_listener("serial0-output-byte", byte => {
    text += String.fromCharCode(byte);
    process.stdout.write(text.slice(-1));
    if (text.endsWith("safe to turn off your computer."))
        process.exit(0);
});
