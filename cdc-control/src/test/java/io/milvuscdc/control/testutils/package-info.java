/** Doubles of the seams, and what several tests need. */
package io.milvuscdc.control.testutils;
