/** Room for several hundred miners, zones and devices with long names, indented by an editor; bytes. */
export const MOST_CONFIGURATION_BYTES = 1024 * 1024;
